/**
 * What happens, for programs: channels of `node:diagnostics_channel`. Nothing is made or measured while a
 * channel has no subscriber; streams are watched in sessions that begin while theirs has one.
 */
import { channel } from "node:diagnostics_channel";
import type { ExitFacts, PluginError } from "../errors.js";

/** On `goplug:process`, from hosts. */
export type ProcessMessage =
  /** It was started. */
  | { readonly event: "start"; readonly id: string; readonly path: string }
  /** It has ended, however. */
  | ({ readonly event: "end"; readonly id: string } & ExitFacts)
  /** It did not come up. */
  | { readonly event: "error"; readonly path: string; readonly error: PluginError };

export type Role = "host" | "plugin";

/** On `goplug:session`, from both sides. */
export type SessionMessage =
  | { readonly event: "start" | "end"; readonly session: number; readonly role: Role }
  /** It ended, and neither side had just closed it. */
  | {
      readonly event: "error";
      readonly session: number;
      readonly role: Role;
      readonly error: Error;
    };

/** On `goplug:stream`, from both sides. */
export interface StreamMessage {
  /** `error`: it was reset, or its session ended before it. */
  readonly event: "start" | "end" | "error";
  readonly session: number;
  readonly role: Role;
  /** yamux's number: odd ones are the host's. */
  readonly streamId: number;
}

/** On `goplug:call`, from both sides. */
export interface CallMessage {
  readonly event: "start" | "end" | "error";
  /** The same number in the messages of one call. */
  readonly call: number;
  readonly side: "caller" | "server";
  readonly serviceMethod: string;
  /** With `end` and `error`. */
  readonly durationMs?: number;
  /** With `error`: what the caller gets, or what the method threw. */
  readonly error?: unknown;
}

export const processChannel = channel("goplug:process");
export const sessionChannel = channel("goplug:session");
export const streamChannel = channel("goplug:stream");
export const callChannel = channel("goplug:call");

export const publishProcess = (message: ProcessMessage): void => processChannel.publish(message);
export const publishSession = (message: SessionMessage): void => sessionChannel.publish(message);
export const publishStream = (message: StreamMessage): void => streamChannel.publish(message);
export const publishCall = (message: CallMessage): void => callChannel.publish(message);
