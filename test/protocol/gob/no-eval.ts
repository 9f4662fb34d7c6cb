/** Run by generated.test.ts in a process that may not generate code. */
import { Decoder, Encoder } from "../../../protocol/gob/index.js";
import { int, struct } from "../../../protocol/schema/index.js";

const Point = struct("Point", { X: int(), Y: int() });
const encoder = new Encoder();
const decoder = new Decoder();
let count = 0;
for (let i = 0; i < 300; i++) {
  decoder.push(encoder.encode(Point, { X: i, Y: -i }));
  const point = decoder.tryDecode(Point);
  if (typeof point === "object" && point.X === i && point.Y === -i) count++;
}
console.log(`${count} points`);
