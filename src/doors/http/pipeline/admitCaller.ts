import type { Request, Response } from "express";
import type { Caller } from "../../../app/apiKeys/authenticator.ts";
import { HttpError } from "./httpError.ts";
import type { AnyRoute } from "./route.ts";
import type { RouteDeps } from "./routeDeps.ts";

/**
 * Who calls, checked to have the role. @throws HttpError 401 `access.unauthenticated`, 403 `access.role`, 429
 */
export async function admitCaller(
  { role }: Pick<AnyRoute, "role">,
  request: Request,
  response: Response,
  { authenticate, limits }: Pick<RouteDeps, "authenticate" | "limits">,
): Promise<Caller | null> {
  if (role === null) return null;
  const [, token] = /^Bearer ([!-~]{1,200})$/i.exec(request.get("Authorization") ?? "") ?? [];
  const caller = token === undefined ? null : await authenticate(token);
  if (!caller) {
    await limits.refused(request.ip ?? "");
    throw new HttpError("access.unauthenticated", "Send a good key: Authorization: Bearer mt_…", {
      "WWW-Authenticate": "Bearer",
    });
  }
  response.set(await limits.request(caller));
  if (!caller.roles.includes(role)) {
    throw new HttpError(
      "access.role",
      `This needs a key with the role ${role}; yours has ${caller.roles.join(", ")}.`,
    );
  }
  return caller;
}
