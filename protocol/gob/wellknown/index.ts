export { bigInt, bigRat, type Rat } from "./big.js";
export { type BigFloat, bigFloat, bigFloatFromNumber, bigFloatToNumber } from "./big-float.js";
export { duration, msFromNanos, nanosFromMs } from "./duration.js";
export { basicError } from "./error.js";
export { rawMessage } from "./json.js";
export { addr, ip, ipNet, url } from "./net.js";
export { Time, type TimeFields, time } from "./time.js";
export { uuid } from "./uuid.js";
