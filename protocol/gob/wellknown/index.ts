/** Schemas for types of Go's standard library and of common packages, which have forms of their own on the wire. */
export { Time, type TimeFields } from "../../schema/time.js";
export { time } from "../../schema/time-schema.js";
export { bigInt, bigRat, type Rat } from "./big.js";
export { type BigFloat, bigFloat, bigFloatFromNumber, bigFloatToNumber } from "./big-float.js";
export { duration, msFromNanos, nanosFromMs } from "./duration.js";
export { basicError } from "./error.js";
export { rawMessage } from "./json.js";
export { addr, ip, ipNet, url } from "./net.js";
export { uuid } from "./uuid.js";
