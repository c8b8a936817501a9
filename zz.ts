import { ingestFile } from "./src/app/ingestFile.ts";
import { shippedProfile } from "./src/stages/ingest/shippedProfiles.ts";
import { newPlace } from "./test/e2e/support/gramPath.ts";
const place = await newPlace(null); const context = await place.open();
const D="/work/shared/data/";
for (const [p,f] of [["pittsburgh-bikes","bike/pgh-healthyride-rentals-2015-q2.csv.gz"],["pittsburgh-bikes","bike/pgh-healthyride-rentals-2015-q4.csv.gz"],["pittsburgh-bikes","bike/pgh-healthyride-rentals-2016-q3.csv.gz"],["pittsburgh-bikes","bike/pgh-healthyride-rentals-2016-q4.csv.gz"],
["shenzhen-taps","metro/szt_card_data_2920000403601.csv.gz"],["shenzhen-taps-json","metro/szt_page1x100.json.gz"],["shenzhen-taps","metro/szt_card_data_2920000403601.csv.gz"],["shenzhen-taps-fare","metro/szt_card_data_2920000403601.csv.gz"],
["perth-charging","ev/perth_2016-17.csv.gz"],["perth-charging-corrected","ev/perth_2016-17.csv.gz"],["paris-belib","ev/paris_belib_apr.csv.gz"],["acn-sessions","ev/acn_office001.json.gz"],["acn-sessions-processed","ev/acn_office_processed.csv.gz"],["epfl-charging","ev/epfl_level3_sessions.xlsx"],["sgsc-electricity","power/sgsc_dev_6customers.csv.gz"]] as const) {
  const t=Date.now();
  try { console.log(p, f, await ingestFile(context,{file:D+f,profile:shippedProfile(p),rejectsFile:null,duplicatesFile:null,lookupFolder:null}), Date.now()-t,"ms"); }
  catch (e) { console.log(p,f,String(e).slice(0,600)); }
}
await context.close(); await place.remove();
