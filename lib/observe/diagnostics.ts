/**
 * What happens, for programs: the channels of `node:diagnostics_channel` and their messages. While a channel
 * has no subscriber nothing is measured and no message is made. Streams are watched only in sessions that
 * begin while `goplug:stream` has a subscriber.
 */
import { type Channel, channel } from "node:diagnostics_channel";
import type { FieldMismatch } from "../../protocol/gob/index.js";
import type { ExitFacts, PluginError } from "../errors.js";

/** A message on `goplug:process`. Hosts send it. */
export type ProcessMessage =
  | {
      /** The process was started. */
      readonly event: "start";
      /** The process id, as `Client.id` gives it. */
      readonly id: string;
      /** The program, as given. */
      readonly path: string;
    }
  | ({
      /** The process has ended, for whatever reason. */
      readonly event: "end";
      /** The same as in the message `start`. */
      readonly id: string;
    } & ExitFacts)
  | {
      /** The process could not be started, or there was no valid handshake. */
      readonly event: "error";
      /** The program, as given. */
      readonly path: string;
      /** What `Client.start` rejects with. */
      readonly error: PluginError;
    };

/** The side of a connection that a message comes from. */
export type Role = "host" | "plugin";

/** A message on `goplug:session`. Both sides send it. */
export type SessionMessage =
  | {
      /** `end`: one of the sides closed the session. */
      readonly event: "start" | "end";
      /** Counts the sessions of this process from 1. The same number in all messages of a session. */
      readonly session: number;
      /** This process's side. */
      readonly role: Role;
    }
  | {
      /** The session ended, and neither side had closed it. */
      readonly event: "error";
      /** The same number as in the message `start`. */
      readonly session: number;
      /** This process's side. */
      readonly role: Role;
      /** Why it ended: a MuxError. */
      readonly error: Error;
    };

/** A message on `goplug:stream`. Both sides send it. */
export interface StreamMessage {
  /** `error`: the stream was reset, or its session ended before it. */
  readonly event: "start" | "end" | "error";
  /** The number of its session, as in {@link SessionMessage}. */
  readonly session: number;
  /** This process's side. */
  readonly role: Role;
  /** yamux's number of the stream. The host opens the odd ones. */
  readonly streamId: number;
}

/** A message on `goplug:call`. Both sides send it. */
export interface CallMessage {
  /** `error`: the call failed. */
  readonly event: "start" | "end" | "error";
  /** Counts the calls of this process from 1. The same number in both messages of a call. */
  readonly call: number;
  /** Whether this process makes the call or answers it. */
  readonly side: "caller" | "server";
  /** `Service.Method`, as it travels. */
  readonly serviceMethod: string;
  /** Milliseconds since `start`; only with `end` and `error`. */
  readonly durationMs?: number;
  /** Only with `error`: what the caller gets, or what the method threw. */
  readonly error?: unknown;
}

/** A message on `goplug:mismatch`: a contract and the peer's type do not have the same fields. Both sides send it. */
export interface MismatchMessage extends FieldMismatch {
  /** This process's side. It has received a value of the type, or the definition of the type. */
  readonly role: Role;
}

/** Node's channel, for messages of one type. */
export interface TypedChannel<in M> extends Pick<Channel, "hasSubscribers"> {
  /** Hands `message` to the subscribers, before it returns. */
  publish(message: M): void;
}

/** Starts and ends of plugin processes. */
export const processChannel: TypedChannel<ProcessMessage> = channel("goplug:process");
/** Starts and ends of yamux sessions. */
export const sessionChannel: TypedChannel<SessionMessage> = channel("goplug:session");
/** Starts and ends of yamux streams. */
export const streamChannel: TypedChannel<StreamMessage> = channel("goplug:stream");
/** Contracts that do not match the peer's types, each once for a connection. */
export const mismatchChannel: TypedChannel<MismatchMessage> = channel("goplug:mismatch");
/** Starts and ends of net/rpc calls. */
export const callChannel: TypedChannel<CallMessage> = channel("goplug:call");
