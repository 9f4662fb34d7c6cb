/** Schemas for types of Go's standard library and of common packages, which have forms of their own on the wire. */
export { bigInt, bigRat, type Rat } from "./big.js";
export { type BigFloat, bigFloat, bigFloatFromNumber, bigFloatToNumber } from "./big-float.js";
export { duration, msFromNanos, nanosFromMs } from "./duration.js";
export { basicError } from "./error.js";
export { rawMessage } from "./json.js";
export { addr, ip, ipNet, url } from "./net.js";
export { Time, type TimeFields, time } from "./time.js";
export { uuid } from "./uuid.js";
