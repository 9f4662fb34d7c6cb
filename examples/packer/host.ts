// Runs commands on this machine with the shell provisioner that is built into Packer.
// Usage: node host.js PACKER COMMAND...

import { gob } from "goplug";
import { caller, service } from "goplug/netrpc";
import { provisioner, ui } from "./contract.js";
import { launchPacker } from "./launch.js";
import { localCommunicator } from "./local-communicator.js";

const [packer = "packer", ...inline] = process.argv.slice(2);

await using plugin = await launchPacker([packer, "plugin", "packer-provisioner-shell"]);
const shell = caller(plugin.rpc, "Provisioner", provisioner);
const commands = gob.value(gob.slice(gob.string()), inline);
const config = gob.value(gob.record(gob.any()), { inline: commands });
await shell.Prepare({ Configs: [config] });

const id = plugin.peer.nextId();
const say = (text: string) => {
  console.log(text.trimEnd());
};
const served = plugin.peer.serve(id, {
  Communicator: localCommunicator(plugin.peer),
  Ui: service(ui, {
    Ask: () => "",
    Say: say,
    Message: say,
    Error: say,
    Machine: ({ Category, Args }) => say([Category, ...Args].join(" ")),
  }),
});
await shell.Provision({ GeneratedData: {}, StreamID: id });
await served;
