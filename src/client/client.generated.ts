// @ts-nocheck
/**
 * Microtonne
 * 0.2.0
 * DO NOT MODIFY - This file has been generated using oazapfts.
 * See https://www.npmjs.com/package/oazapfts
 */
import * as Oazapfts from "@oazapfts/runtime";
import * as QS from "@oazapfts/runtime/query";
export const defaults: Oazapfts.Defaults<Oazapfts.CustomHeaders> = {
    headers: {},
    baseUrl: "/"
};
const oazapfts = Oazapfts.runtime(defaults);
export const servers = {
    server1: "/"
};
export type ProfileSummary = {
    name: string;
    /** True: yours. False: one that ships. */
    own: boolean;
    description: string;
    provider: string;
    region: string;
    format: string;
    /** 32 bytes as hex. */
    hash: string;
    /** Names of the lookup files that it needs. */
    lookups: string[];
};
export type Problem = {
    /** `urn:microtonne:problem:` and the code. */
    "type": string;
    /** The status in words. */
    title: string;
    status: number;
    /** Dotted code of what was wrong. */
    code: string;
    /** What was wrong, where, and what to do, in full sentences. */
    detail: string;
    /** Also in the header `X-Request-Id` and in the operator's log. */
    requestId: string;
    /** The fields that break their schema. */
    errors?: {
        path: string;
        message: string;
    }[];
    /** With `record.not-in-batch`: the proof that the batch has no leaf of the key. */
    absence?: any;
};
export type Profile = {
    name: string;
    /** True: yours. False: one that ships. */
    own: boolean;
    description: string;
    provider: string;
    region: string;
    format: string;
    /** 32 bytes as hex. */
    hash: string;
    /** Names of the lookup files that it needs. */
    lookups: string[];
    /** The profile as YAML. */
    text: string;
};
export type ProfileCheck = {
    name: string;
    description: string;
    provider: string;
    region: string;
    format: string;
    /** What the dates of the file look like; null where day and month can't be exchanged. */
    dates: any;
    /** What all rows of what was sent come to. */
    counts: {
        read: number;
        acts: number;
        /** Sum of the acts' quantities by unit, decimals. */
        quantities: {
            [key: string]: string;
        };
        refused: {
            code: string;
            field: string | null;
            rows: number;
            firstRow: number;
            sentence: string;
        }[];
    } | null;
    rows: {
        row: number;
        [key: string]: any;
    }[];
};
export type ProfileProposal = {
    name: string;
    doubts: string[];
    /** YAML. */
    profile: string;
};
export type LookupFile = {
    name: string;
    bytes: number;
};
export type Methodology = {
    /** 32 bytes as hex. */
    methodologyId: string;
    /** True: counts on local networks only. */
    test: boolean;
    code: string;
    version: string;
    region: string;
    scenario: string;
    unit: string;
    /** Grams CO2e a unit, a decimal. Of microtonne-methodology/1; /2 has `rule`. */
    gramsPerUnit?: string;
    timeZone: string;
    /** `shipped` with the program or `published` by the region's registrar: it counts. `proposed`: yours, and nobody else's to see. `withdrawn`: it counts no new act; batches that were closed with it stay valid. */
    state: "shipped" | "proposed" | "published" | "withdrawn";
    [key: string]: any;
};
export type ProviderKey = {
    /** Global id of a provider. */
    provider: string;
    /** 32 bytes as hex. */
    keyId: string;
    /** 32 bytes as hex. */
    publicKey: string;
    /** ISO 8601, UTC. */
    validFrom: string;
    /** Exclusive; null where no end is fixed. */
    validTo: string | null;
    /** True: nothing unsigned is taken from the provider. */
    required: boolean;
    revokedAt: string | null;
    reason: ("retired" | "compromised") | null;
};
export type RevokedProviderKey = {
    key: ProviderKey;
    open: number;
    elsewhere: number;
    batches: {
        /** 32 bytes as hex. */
        batchId: string;
        records: number;
        /** Whole milligrams CO2e as a decimal string. */
        milligrams: string;
    }[];
};
export type RowResult = {
    /** Data row, from 1; a header is none. */
    row: number;
    outcome: "accepted" | "rejected" | "duplicate";
    recordId?: string;
    /** Whole milligrams CO2e as a decimal string. */
    milligrams?: string;
    /** The row that carries the act of which this row is a part. */
    partOf?: number;
    notes?: string[];
    code?: string;
    field?: string | null;
    sentence?: string;
};
export type IngestOutcome = {
    /** Rows read: accepted + rejected + duplicates. */
    read: number;
    accepted: number;
    rejected: number;
    duplicates: number;
    /** Acts that the accepted rows came to; fewer than rows where several make one. */
    acts: number;
    /** Whole milligrams CO2e as a decimal string. */
    milligrams: string;
    /** Rejections and duplicates by reason code. */
    reasons: {
        [key: string]: number;
    };
    /** Notes on accepted acts, by code. */
    notes: {
        [key: string]: number;
    };
    rows: RowResult[];
};
export type Record = {
    /** Global id of a provider. */
    provider: string;
    recordId: string;
    disposition: "open" | "pooled" | "redeemed" | "donated";
    /** Whole milligrams CO2e as a decimal string. */
    milligrams: string;
    /** 32 bytes as hex. */
    methodologyId: string;
    /** The key of its leaf: what proofs are asked for by. */
    activityKey: string;
    batchId: string | null;
};
export type IngestReport = {
    /** Rows read: accepted + rejected + duplicates. */
    read: number;
    accepted: number;
    rejected: number;
    duplicates: number;
    /** Acts that the accepted rows came to; fewer than rows where several make one. */
    acts: number;
    /** Whole milligrams CO2e as a decimal string. */
    milligrams: string;
    /** Rejections and duplicates by reason code. */
    reasons: {
        [key: string]: number;
    };
    /** Notes on accepted acts, by code. */
    notes: {
        [key: string]: number;
    };
};
export type Cause = {
    code: string;
    detail: string;
};
export type Upload = {
    uploadId: string;
    state: "receiving" | "queued" | "done" | "failed";
    fileName: string;
    profile: string;
    size: number;
    report: IngestReport | null;
    problem: Cause | null;
    /** ISO 8601, UTC. */
    createdAt: string;
    finishedAt: string | null;
};
export type BatchTerms = {
    category: "act" | "project" | "behaviour";
    placeOfActs: string | null;
    /** ISO 3166-1 alpha-2. */
    hostCountry: string | null;
    correspondingAdjustment: ("none" | "authorised" | "applied") | null;
    /** YYYY-MM-DD, the last day; null: no such day. */
    useBy: string | null;
    /** By what right the reductions are pooled. */
    title: {
        kind: "consent-scope" | "programme" | "project-owner";
        /** 32 bytes as hex. */
        documentHash: string;
    } | null;
    verification: {
        /** 32 bytes as hex. */
        statementHash: string;
        level: "limited" | "reasonable";
        opinion: "unmodified" | "qualified";
    } | null;
    campaign: {
        id: string;
        /** 32 bytes as hex. */
        documentHash: string;
    } | null;
    /** Who gets which files of the archive. */
    audience: {
        leaves: "public" | "participants";
        tiles: "public" | "participants";
    } | null;
    projects: {
        id: string;
        name: string;
        registration: string;
        firstDay: string;
        lastDay: string;
        /** Region whose methodologies count. */
        place: string;
    }[];
};
export type Batch = {
    /** 32 bytes as hex. */
    batchId: string;
    state: "closing" | "sealed" | "committing" | "committed" | "minting" | "minted";
    /** Region whose methodologies count. */
    region: string;
    /** Format of its manifest. */
    format: string;
    terms: BatchTerms;
    /** YYYY-MM-DD, inclusive, in the region's time zone. */
    firstDay: string;
    lastDay: string;
    leafCount: number;
    /** Whole milligrams CO2e as a decimal string. */
    totalMilligrams: string;
    /** The same in tonnes, a decimal. */
    totalTonnes: string;
    /** Whole milligrams CO2e as a decimal string. */
    bufferMilligrams: string;
    /** Whole milligrams CO2e as a decimal string. */
    mintedMilligrams: string;
    /** Whole milligrams CO2e as a decimal string. */
    retiredMilligrams: string;
    /** 32 bytes as hex. */
    root: string;
    /** Where its files begin: `manifest.json`, `leaves/…`, `tiles/…`. */
    archive: string;
};
export type VerificationStatement = {
    schema: "microtonne-verification/1";
    /** The verification body, by name. */
    body: string;
    /** Of the statement; not after the closing. */
    date: string;
    /** Who closes the batch, lower case. */
    operator: string;
    /** Region whose methodologies count. */
    region: string;
    vintage: number;
    category: "act" | "project";
    level: "limited" | "reasonable";
    opinion: "unmodified" | "qualified";
    /** 32 bytes as hex. */
    documentHash: string;
};
export type Operation = {
    operationId: string;
    kind: "close-batch" | "mint-batch" | "retire";
    state: "queued" | "running" | "done" | "failed";
    /** What it came to: a batch, a mint report or a retirement. Null before it is done. */
    result: any;
    problem: Cause | null;
    /** ISO 8601, UTC. */
    createdAt: string;
    finishedAt: string | null;
};
export type Retirement = {
    /** 32 bytes as hex. */
    retirementId: string;
    state: "requested" | "final" | "failed";
    purpose: "compliance-offset" | "event-neutrality" | "corporate-neutrality" | "product-neutrality" | "ecological-compensation" | "replacement";
    /** Whole milligrams CO2e as a decimal string. */
    milligrams: string;
    /** The same in tonnes, a decimal. */
    tonnes: string;
    /** `MT-…` texts, both ends inclusive; empty before it is final. */
    serials: string[];
    reportingYear: number;
    country: string;
    beneficiary: {
        name: string;
        lei: string | null;
    };
    use: string;
    /** Who recognises it, and how much of it. Null: nobody was asked. */
    recognition: {
        /** Region whose methodologies count. */
        authority: string;
        rulesHash: string | null;
        /** Whole milligrams CO2e as a decimal string. */
        claimMilligrams: string;
        /** Whole milligrams CO2e as a decimal string. */
        recognisedMilligrams: string;
    } | null;
    /** ISO 8601, UTC. */
    requestedAt: string;
    retiredAt: string | null;
    failure: string | null;
    proven: boolean;
};
export type Event = {
    /** Its number in your list: 1, 2, 3, … without gaps. */
    sequence: string;
    "type": "ingest.finished" | "batch.sealed" | "batch.committed" | "batch.minted" | "retirement.requested" | "retirement.final" | "retirement.revised" | "retirement.failed" | "endpoint.disabled";
    /** ISO 8601, UTC. */
    timestamp: string;
    /** Ids and masses; see the guide on webhooks for each type. */
    data: {
        [key: string]: any;
    };
};
export type Webhook = {
    webhookId: string;
    url: string;
    /** Null: all, also those that are yet to come. */
    eventTypes: ("ingest.finished" | "batch.sealed" | "batch.committed" | "batch.minted" | "retirement.requested" | "retirement.final" | "retirement.revised" | "retirement.failed" | "endpoint.disabled")[] | null;
    /** ISO 8601, UTC. */
    createdAt: string;
    failingSince: string | null;
    disabledAt: string | null;
    disabledReason: ("gone" | "failing" | "owner") | null;
    /** Until when the secret before the last rotation signs as well. */
    previousSecretUntil: string | null;
};
export type NewWebhook = {
    webhookId: string;
    url: string;
    /** Null: all, also those that are yet to come. */
    eventTypes: ("ingest.finished" | "batch.sealed" | "batch.committed" | "batch.minted" | "retirement.requested" | "retirement.final" | "retirement.revised" | "retirement.failed" | "endpoint.disabled")[] | null;
    /** ISO 8601, UTC. */
    createdAt: string;
    failingSince: string | null;
    disabledAt: string | null;
    disabledReason: ("gone" | "failing" | "owner") | null;
    /** Until when the secret before the last rotation signs as well. */
    previousSecretUntil: string | null;
    /** `whsec_…`, shown in this answer and never again. */
    secret: string;
};
export type WebhookDelivery = {
    /** The `webhook-id` of its requests. */
    deliveryId: string;
    /** Newest highest. */
    "number": string;
    /** Number of the event; null for a test. */
    sequence: string | null;
    "type": string;
    state: "pending" | "delivered" | "failed" | "cancelled";
    attempts: number;
    /** ISO 8601, UTC. */
    createdAt: string;
    attemptedAt: string | null;
    nextAt: string | null;
    lastStatus: number | null;
    lastFailure: string | null;
};
export type ApiKey = {
    keyId: string;
    label: string;
    roles: ("read" | "ingest" | "operate" | "admin" | "metrics")[];
    /** ISO 8601, UTC. */
    createdAt: string;
    expiresAt: string | null;
    revokedAt: string | null;
};
export type NewApiKey = {
    keyId: string;
    label: string;
    roles: ("read" | "ingest" | "operate" | "admin" | "metrics")[];
    /** ISO 8601, UTC. */
    createdAt: string;
    expiresAt: string | null;
    revokedAt: string | null;
    token: string;
};
export type Health = {
    status: "ok";
};
export type Readiness = {
    status: "ready" | "unready";
    database: boolean;
};
/**
 * Your own profiles and those that ship
 */
export function listProfiles(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            profiles: ProfileSummary[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/profiles", {
        ...opts
    });
}
/**
 * One profile, with its YAML
 */
export function getProfile({ name }: {
    name: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Profile;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/profiles/${encodeURIComponent(name)}`, {
        ...opts
    });
}
/**
 * Put a profile of your own
 */
export function putProfile({ name, body }: {
    name: string;
    body: Blob;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Profile;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/profiles/${encodeURIComponent(name)}`, {
        ...opts,
        method: "PUT",
        body
    });
}
/**
 * Remove a profile of your own
 */
export function deleteProfile({ name }: {
    name: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 204;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/profiles/${encodeURIComponent(name)}`, {
        ...opts,
        method: "DELETE"
    });
}
/**
 * See how a profile maps a file: its first rows, and counts of all; nothing is stored
 */
export function checkProfile({ name, rows, body }: {
    name: string;
    rows?: number;
    body: Blob;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: ProfileCheck;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/profiles/${encodeURIComponent(name)}/check${QS.query(QS.explode({
        rows
    }))}`, {
        ...opts,
        method: "POST",
        body
    });
}
/**
 * Have a profile proposed for a file, with its doubts; nothing is stored
 */
export function proposeProfile({ fileName, name, provider, region, zone, scenario, body }: {
    fileName?: string;
    name?: string;
    provider?: string;
    region?: string;
    zone?: string;
    scenario?: string;
    body: Blob;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: ProfileProposal;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/profile-proposals${QS.query(QS.explode({
        fileName,
        name,
        provider,
        region,
        zone,
        scenario
    }))}`, {
        ...opts,
        method: "POST",
        body
    });
}
/**
 * Your lookup files
 */
export function listLookupFiles(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            lookups: LookupFile[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/lookups", {
        ...opts
    });
}
/**
 * Put a lookup file (stations, fares), plain or gzip
 */
export function putLookupFile({ name, body }: {
    name: string;
    body: Blob;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: LookupFile;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/lookups/${encodeURIComponent(name)}`, {
        ...opts,
        method: "PUT",
        body
    });
}
/**
 * Remove a lookup file
 */
export function deleteLookupFile({ name }: {
    name: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 204;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/lookups/${encodeURIComponent(name)}`, {
        ...opts,
        method: "DELETE"
    });
}
/**
 * All methodology versions
 */
export function listMethodologies(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            methodologies: Methodology[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/methodologies", {
        ...opts
    });
}
/**
 * Propose a methodology version to the registrar of its region
 */
export function proposeMethodology({ body }: {
    body: Blob;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Methodology;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/methodologies", {
        ...opts,
        method: "POST",
        body
    });
}
/**
 * One version, by CODE, CODE@VERSION or the first digits of its id
 */
export function getMethodology({ methodology }: {
    methodology: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Methodology;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/methodologies/${encodeURIComponent(methodology)}`, {
        ...opts
    });
}
/**
 * The keys with which providers sign what they send
 */
export function listProviderKeys({ provider }: {
    provider?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            keys: ProviderKey[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/provider-keys${QS.query(QS.explode({
        provider
    }))}`, {
        ...opts
    });
}
/**
 * Take a provider's public key into the book
 */
export function addProviderKey({ provider, idempotencyKey, body }: {
    provider: string;
    idempotencyKey?: string;
    body: {
        /** Ed25519, 0x and 64 hex digits. */
        publicKey: string;
        /** Null: now. */
        validFrom?: string | null;
        /** Null: no end. */
        validTo?: string | null;
        required?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 201;
        data: ProviderKey;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/providers/${encodeURIComponent(provider)}/keys`, oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Revoke a provider's key, and learn which records that concerns
 */
export function revokeProviderKey({ provider, key, idempotencyKey, body }: {
    provider: string;
    key: string;
    idempotencyKey?: string;
    body: {
        reason: "retired" | "compromised";
        /** From when on. Null: from now on. */
        at?: string | null;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: RevokedProviderKey;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/providers/${encodeURIComponent(provider)}/keys/${encodeURIComponent(key)}/revoke`, oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Send activity records, and learn of each row what became of it
 */
export function postActivities({ profile, provider, region, name, idempotencyKey, body }: {
    profile: string;
    provider?: string;
    region?: string;
    name?: string;
    idempotencyKey?: string;
    body: Blob;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: IngestOutcome;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/activities${QS.query(QS.explode({
        profile,
        provider,
        region,
        name
    }))}`, {
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    });
}
/**
 * Where one record stands
 */
export function getRecord({ provider, recordId }: {
    provider: string;
    recordId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Record;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/activities/records/${encodeURIComponent(provider)}/${encodeURIComponent(recordId)}`, {
        ...opts
    });
}
/**
 * Your uploads, newest first
 */
export function listUploads({ limit }: {
    limit?: number;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            uploads: Upload[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/activities/uploads${QS.query(QS.explode({
        limit
    }))}`, {
        ...opts
    });
}
/**
 * How far an upload is, and what its rows came to
 */
export function getUpload({ upload }: {
    upload: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Upload;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/activities/uploads/${encodeURIComponent(upload)}`, {
        ...opts
    });
}
/**
 * Forget an upload and its results; accepted acts stay
 */
export function deleteUpload({ upload }: {
    upload: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 204;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/activities/uploads/${encodeURIComponent(upload)}`, {
        ...opts,
        method: "DELETE"
    });
}
/**
 * What became of the rows that were not simply accepted
 */
export function getUploadResults({ upload }: {
    upload: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Blob;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/activities/uploads/${encodeURIComponent(upload)}/results`, {
        ...opts
    });
}
/**
 * All batches, oldest first
 */
export function listBatches(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            batches: Batch[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/batches", {
        ...opts
    });
}
/**
 * Close what is open of a region and vintage into a batch
 */
export function closeBatch({ idempotencyKey, body }: {
    idempotencyKey?: string;
    body: {
        /** Region whose methodologies count. */
        region: string;
        /** Calendar year of the acts. */
        vintage: number;
        /** What is closed: acts if left out, or months of registered projects. */
        category?: "act" | "project";
        /** The last day of the region's zone on which the batch may be retired. */
        useBy?: string;
        /** By what right the acts are pooled, where it is another than the settings say. */
        title?: {
            kind: "consent-scope" | "programme" | "project-owner";
            /** 32 bytes as hex. */
            documentHash: string;
        };
        /** A batch of gifts: to which campaign, and the document that says what for. */
        campaign?: {
            id: string;
            /** 32 bytes as hex. */
            documentHash: string;
        };
        /** Who gets which files. Only public can be kept so far; anything else is refused. */
        audience?: {
            leaves: "public" | "participants";
            tiles: "public" | "participants";
        };
        /** The statement that the manifest names; needed outside a local network. */
        verification?: VerificationStatement;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 202;
        data: Operation;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/batches", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * One batch
 */
export function getBatch({ batch }: {
    batch: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Batch;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/batches/${encodeURIComponent(batch)}`, {
        ...opts
    });
}
/**
 * Bring a batch on chain: quorum, commit, mint
 */
export function mintBatch({ batch, idempotencyKey, body }: {
    batch: string;
    idempotencyKey?: string;
    body: {
        /** Texts of attestation files. Null: the verifiers of a local network recompute the batch. */
        attestations?: string[] | null;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 202;
        data: Operation;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/batches/${encodeURIComponent(batch)}/mint`, oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * The confidential package of a batch, for an outside verifier
 */
export function getBatchPackage({ batch }: {
    batch: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Blob;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/batches/${encodeURIComponent(batch)}/package`, {
        ...opts
    });
}
/**
 * The proof file of the act under an activity key
 */
export function getProof({ batch, key }: {
    batch: string;
    key: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Blob;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/batches/${encodeURIComponent(batch)}/proofs/${encodeURIComponent(key)}`, {
        ...opts
    });
}
/**
 * One file of a batch's archive
 */
export function getArchiveFile({ batchId, path }: {
    batchId: string;
    path: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Blob;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/archives/${encodeURIComponent(batchId)}/${encodeURIComponent(path)}`, {
        ...opts
    });
}
/**
 * All retirements, in the order in which they were requested
 */
export function listRetirements(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            retirements: Retirement[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/retirements", {
        ...opts
    });
}
/**
 * Retire credits for a beneficiary
 */
export function retire({ idempotencyKey, body }: {
    idempotencyKey?: string;
    body: {
        /** Whole milligrams CO2e as a decimal string. */
        milligrams: string;
        purpose: "compliance-offset" | "event-neutrality" | "corporate-neutrality" | "product-neutrality" | "ecological-compensation";
        beneficiary: {
            /** For whom. Stays off chain, behind a salted hash. */
            name: string;
            lei?: string | null;
        };
        /** What it is used for, in words. */
        use?: string | null;
        /** Null: the vintage of what is taken; of several vintages the year must be said. */
        reportingYear?: number | null;
        /** Of the claim. Null: the host country of what is taken; of several countries it must be said. */
        country?: string | null;
        /** The one batch to take it from. Null: oldest vintage first. */
        batch?: string | null;
        /** Who is to recognise it, and how much at least. Nothing is taken of what the authority does not recognise. Null: nobody is asked. */
        recognition?: {
            /** Region whose methodologies count. */
            authority: string;
            /** Whole milligrams CO2e as a decimal string. */
            claimMilligrams: string;
        } | null;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 202;
        data: Operation;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/retirements", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * One retirement
 */
export function getRetirement({ retirement }: {
    retirement: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Retirement;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/retirements/${encodeURIComponent(retirement)}`, {
        ...opts
    });
}
/**
 * The proof file of a retirement: serial range, leaves, root, block
 */
export function getRetirementProof({ retirement, leaves }: {
    retirement: string;
    leaves?: "all";
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Blob;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/retirements/${encodeURIComponent(retirement)}/proof${QS.query(QS.explode({
        leaves
    }))}`, {
        ...opts
    });
}
/**
 * How far an operation is
 */
export function getOperation({ operation }: {
    operation: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Operation;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/operations/${encodeURIComponent(operation)}`, {
        ...opts
    });
}
/**
 * What has happened, in order; as a stream where `Accept` is text/event-stream
 */
export function listEvents({ after, limit }: {
    after?: string;
    limit?: number;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            events: Event[];
            /** The oldest that is kept. */
            first: string;
            /** The newest. */
            last: string;
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/events${QS.query(QS.explode({
        after,
        limit
    }))}`, {
        ...opts
    });
}
/**
 * All receivers, oldest first
 */
export function listWebhooks(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhooks: Webhook[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/webhooks", {
        ...opts
    });
}
/**
 * Have events sent to an address
 */
export function createWebhook({ body }: {
    body: {
        /** Where events are posted to: https, a public address. */
        url: string;
        eventTypes?: ("ingest.finished" | "batch.sealed" | "batch.committed" | "batch.minted" | "retirement.requested" | "retirement.final" | "retirement.revised" | "retirement.failed" | "endpoint.disabled")[] | null;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 201;
        data: NewWebhook;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/webhooks", oazapfts.json({
        ...opts,
        method: "POST",
        body
    }));
}
/**
 * One receiver
 */
export function getWebhook({ webhook }: {
    webhook: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Webhook;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/webhooks/${encodeURIComponent(webhook)}`, {
        ...opts
    });
}
/**
 * Change a receiver, or switch it off and on
 */
export function updateWebhook({ webhook, body }: {
    webhook: string;
    body: {
        /** Where events are posted to: https, a public address. */
        url?: string;
        eventTypes?: ("ingest.finished" | "batch.sealed" | "batch.committed" | "batch.minted" | "retirement.requested" | "retirement.final" | "retirement.revised" | "retirement.failed" | "endpoint.disabled")[] | null;
        disabled?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Webhook;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/webhooks/${encodeURIComponent(webhook)}`, oazapfts.json({
        ...opts,
        method: "PATCH",
        body
    }));
}
/**
 * Forget a receiver with its deliveries
 */
export function deleteWebhook({ webhook }: {
    webhook: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 204;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/webhooks/${encodeURIComponent(webhook)}`, {
        ...opts,
        method: "DELETE"
    });
}
/**
 * Send a receiver an event of type endpoint.test
 */
export function testWebhook({ webhook }: {
    webhook: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 202;
        data: {
            deliveryId: string;
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/webhooks/${encodeURIComponent(webhook)}/test`, {
        ...opts,
        method: "POST"
    });
}
/**
 * Give a receiver a new secret
 */
export function rotateWebhookSecret({ webhook, body }: {
    webhook: string;
    body: {
        overlapSeconds?: number;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            /** `whsec_…`, shown in this answer and never again. */
            secret: string;
            /** ISO 8601, UTC. */
            previousUntil: string;
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/webhooks/${encodeURIComponent(webhook)}/secret`, oazapfts.json({
        ...opts,
        method: "POST",
        body
    }));
}
/**
 * What was sent to a receiver, newest first
 */
export function listWebhookDeliveries({ webhook, state, before, limit }: {
    webhook: string;
    state?: "pending" | "delivered" | "failed" | "cancelled";
    before?: string;
    limit?: number;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            deliveries: WebhookDelivery[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/webhooks/${encodeURIComponent(webhook)}/deliveries${QS.query(QS.explode({
        state,
        before,
        limit
    }))}`, {
        ...opts
    });
}
/**
 * Send a delivery once more, with the same id and body
 */
export function redeliverWebhook({ webhook, delivery }: {
    webhook: string;
    delivery: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 202;
        data: {
            deliveryId: string;
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/webhooks/${encodeURIComponent(webhook)}/deliveries/${encodeURIComponent(delivery)}/again`, {
        ...opts,
        method: "POST"
    });
}
/**
 * All keys, revoked ones included
 */
export function listApiKeys(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            keys: ApiKey[];
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/api-keys", {
        ...opts
    });
}
/**
 * Make a key
 */
export function createApiKey({ body }: {
    body: {
        /** What the key is for. */
        label: string;
        roles: ("read" | "ingest" | "operate" | "admin" | "metrics")[];
        /** ISO 8601, UTC. Null: until it is revoked. */
        expiresAt?: string | null;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 201;
        data: NewApiKey;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 413;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/v1/api-keys", oazapfts.json({
        ...opts,
        method: "POST",
        body
    }));
}
/**
 * Revoke a key, for good
 */
export function revokeApiKey({ key }: {
    key: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: ApiKey;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/v1/api-keys/${encodeURIComponent(key)}`, {
        ...opts,
        method: "DELETE"
    });
}
/**
 * The process runs
 */
export function getHealth(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Health;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/healthz", {
        ...opts
    });
}
/**
 * The service can do its work
 */
export function getReadiness(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Readiness;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 503;
        data: Readiness;
    }>("/readyz", {
        ...opts
    });
}
