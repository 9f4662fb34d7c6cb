// Runs commands on this machine with the shell provisioner that is built into Packer.
// Usage: node host.js PACKER COMMAND...

import { gob } from "goplug";
import { caller } from "goplug/netrpc";
import { provisioner } from "./contract.js";
import { launchBuiltIn } from "./launch.js";
import { localCommunicator } from "./local-communicator.js";
import { uiService } from "./ui.js";

const [packer = "packer", ...inline] = process.argv.slice(2);

await using plugin = await launchBuiltIn(packer, "packer-provisioner-shell");
const shell = caller(plugin.rpc, "Provisioner", provisioner);
const commands = gob.value(gob.slice(gob.string()), inline);
const config = gob.value(gob.record(gob.any()), { inline: commands });
await shell.Prepare({ Configs: [config] });

const id = plugin.peer.nextId();
const output = { say: (text: string) => console.log(text.trimEnd()) };
const served = plugin.peer.serve(id, (register) => ({
  Communicator: localCommunicator(plugin.peer),
  Ui: uiService(output, register),
}));
await shell.Provision({ GeneratedData: {}, StreamID: id });
await served;
