/** The types of Go's tests of its debugging output. */
import * as gob from "goplug/gob";

/** A type that is defined in the middle of a value. */
export const OnTheFly = gob.named("main.OnTheFly", gob.struct("main.OnTheFly", { A: gob.int() }));

/** A struct with a field of each kind. */
export const DT = gob.struct("DT", {
  A: gob.int(),
  B: gob.string(),
  C: gob.float64(),
  I: gob.any(),
  J: gob.any(),
  I_nil: gob.any(),
  M: gob.map(gob.string(), gob.int()),
  T: gob.array(3, gob.int()),
  S: gob.slice(gob.string()),
});
