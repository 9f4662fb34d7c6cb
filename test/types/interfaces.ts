/** What the compiler knows of values behind interfaces. This file is compiled but never run. */
import { definePlugin, gob, type In, type Out } from "goplug";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_T extends true>(): void => {};

const runArgs = gob.struct("RunArgs", { Name: gob.string(), At: gob.time() });

// What one interface gave may be passed on to another.
const any = gob.any();
const dynamic = gob.dynamic();
const passedOn = (given: Out<typeof any>): In<typeof any> => given;
const relayed = (given: Out<typeof dynamic>): In<typeof dynamic> => given;
check<Equal<In<gob.AnySchema>, unknown>>();
check<Equal<Out<gob.AnySchema>, unknown>>();

// A value with its type: nothing is known of the value before it was asked for.
function dynamicValue(given: Out<typeof dynamic>): void {
  if (given === null) return;
  check<Equal<typeof given.name, string>>();
  check<Equal<typeof given.value, unknown>>();
  // @ts-expect-error it may be anything
  const text: string = given.value;
  if (gob.is(gob.int64(), given)) check<Equal<typeof given.value, bigint>>();
  if (gob.is(runArgs, given)) check<Equal<typeof given.value, Out<typeof runArgs>>>();
  void text;
}

// An interface of known types has their types.
const holder = gob.struct("Holder", {
  Args: gob.registered("step.RunArgs", runArgs),
  Maybe: gob.optional(gob.registered("step.RunArgs", runArgs)),
});
check<Equal<Out<typeof holder>["Args"], Out<typeof runArgs>>>();
check<Equal<In<typeof holder>["Args"]["At"], Date | gob.Time | undefined>>();
const withoutNil: In<typeof holder> = { Args: { Name: "x", At: new Date() } };
// @ts-expect-error nil needs optional
const withNil: In<typeof holder> = { Args: undefined };
// @ts-expect-error a field of the type that the interface holds
const wrongArgs: In<typeof holder> = { Args: { Name: 1, At: new Date() } };
const shape = gob.oneOf({
  "main.Circle": gob.struct("Circle", { Radius: gob.float64() }),
  "main.Square": gob.struct("Square", { Side: gob.float64() }),
});
const area = (of: Out<typeof shape>): number =>
  of.name === "main.Circle" ? 3.14 * of.value.Radius ** 2 : of.value.Side ** 2;
const square: In<typeof shape> = { name: "main.Square", value: { Side: 1 } };
// @ts-expect-error a circle has a radius
const wrongShape: In<typeof shape> = { name: "main.Circle", value: { Side: 1 } };
// @ts-expect-error no such type
const noShape: In<typeof shape> = { name: "main.Oval", value: { Side: 1 } };

// Implementations: a reply in an interface may leave keys out, and a misspelt key is refused.
const point = gob.struct("Point", { X: gob.int(), Y: gob.int() });
const contract = definePlugin({
  Get: { args: gob.registered("main.Point", point), reply: gob.registered("main.Point", point) },
  Maybe: { args: gob.empty(), reply: gob.optional(gob.registered("main.Point", point)) },
  Shape: { args: gob.empty(), reply: gob.oneOf({ "main.Point": point, "main.Int": gob.int() }) },
});
const Get = ({ X }: { X: number }) => ({ X });
const Maybe = () => undefined;
const Shape = () => ({ name: "main.Point" as const, value: { Y: 1 } });
contract.implement({ Get, Maybe, Shape });
contract.implement({ Get, Maybe, Shape: async () => ({ name: "main.Int", value: 1 }) });
// @ts-expect-error misspelt
contract.implement({ Get: ({ X }) => ({ X, Z: 1 }), Maybe, Shape });
// @ts-expect-error misspelt under optional
contract.implement({ Get, Maybe: () => ({ X: 1, Z: 1 }), Shape });
contract.implement({
  Get,
  Maybe,
  // @ts-expect-error misspelt in one of several types
  Shape: async () => ({ name: "main.Point", value: { X: 1, Z: 1 } }),
});
// @ts-expect-error nil needs optional
contract.implement({ Get: () => undefined, Maybe, Shape });
// @ts-expect-error an interface of known types must be given
const leftOut: In<typeof holder> = {};

// A type that contains itself behind an interface.
const node = gob.struct("Node", {
  V: gob.int(),
  get Next() {
    return gob.optional(gob.registered("main.Node", node));
  },
});
type Next = NonNullable<Out<typeof node>["Next"]>;
check<Equal<NonNullable<Next["Next"]>["V"], number>>();

void [passedOn, relayed, dynamicValue, withoutNil, withNil, wrongArgs, area, square];
void [wrongShape, noShape, leftOut];
