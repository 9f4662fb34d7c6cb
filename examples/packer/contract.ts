/** The services that Packer and its plugins call, the twin of packer-plugin-sdk/rpc. */
import { gob, type LineGrammar } from "goplug";

/** The version of the calls, and what Packer sets for its plugins instead of go-plugin's variables. */
export const handshake = {
  protocolVersion: 5,
  magicCookieKey: "PACKER_PLUGIN_MAGIC_COOKIE",
  magicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  envNames: { minPort: "PACKER_PLUGIN_MIN_PORT", maxPort: "PACKER_PLUGIN_MAX_PORT" },
};

/** The line of Packer 1.6: `5|unix|PATH`. The protocol behind it has no name there. */
export const PACKER_LINE: LineGrammar = {
  fields: ["app", "network", "address"],
  required: 3,
  coreVersion: 0,
  defaultProtocol: "packer",
};
/** The line of packer-plugin-sdk: `5|0|unix|PATH`. */
export const SDK_LINE: LineGrammar = {
  ...PACKER_LINE,
  fields: ["app", "minor", "network", "address"],
  required: 4,
};

/** A method without argument and reply. Go: `new(interface{})` for both. */
const nothing = { args: gob.any(), reply: gob.any() };
/** Go's `BasicError`: an error as a value, nil where there is none. */
const basicError = gob.optional(gob.struct("BasicError", { Message: gob.string() }));

const configSpec = {
  args: gob.any(),
  reply: gob.struct("ConfigSpecResponse", { ConfigSpec: gob.bytes() }),
};
const configs = gob.struct("PrepareArgs", { Configs: gob.slice(gob.any()) });

export const builder = {
  ConfigSpec: configSpec,
  Prepare: {
    args: configs,
    reply: gob.struct("BuilderPrepareResponse", {
      GeneratedVars: gob.slice(gob.string()),
      Warnings: gob.slice(gob.string()),
      Error: basicError,
    }),
  },
  /** From the id of the stream with {@link hook} and {@link ui} to that of the {@link artifact}, 0 for none. */
  Run: { args: gob.uint32(), reply: gob.uint32() },
  Cancel: nothing,
};

/** What Packer does at certain moments of a build. */
export const hook = {
  Run: {
    args: gob.struct("HookRunArgs", {
      Name: gob.string(),
      Data: gob.any(),
      /** The stream with {@link communicator} and {@link ui}. */
      StreamId: gob.uint32(),
    }),
    reply: gob.any(),
  },
  Cancel: nothing,
};
/** The hook that runs the provisioners of the template. */
export const HOOK_PROVISION = "packer_provision";

export const provisioner = {
  ConfigSpec: configSpec,
  Prepare: { args: configs, reply: gob.any() },
  Provision: {
    args: gob.struct("ProvisionerProvisionArgs", {
      GeneratedData: gob.record(gob.any()),
      StreamID: gob.uint32(),
    }),
    reply: gob.any(),
  },
  Cancel: nothing,
};

export const postProcessor = {
  ConfigSpec: configSpec,
  Configure: { args: configs, reply: gob.any() },
  PostProcess: {
    args: gob.uint32(),
    reply: gob.struct("PostProcessorProcessResponse", {
      Err: basicError,
      Keep: gob.bool(),
      ForceOverride: gob.bool(),
      StreamId: gob.uint32(),
    }),
  },
  Cancel: nothing,
};

export const artifact = {
  BuilderId: { args: gob.any(), reply: gob.string() },
  Files: { args: gob.any(), reply: gob.slice(gob.string()) },
  Id: { args: gob.any(), reply: gob.string() },
  String: { args: gob.any(), reply: gob.string() },
  State: { args: gob.string(), reply: gob.any() },
  Destroy: { args: gob.any(), reply: basicError },
};

const message = { args: gob.string(), reply: gob.any() };
export const ui = {
  Ask: { args: gob.string(), reply: gob.string() },
  Say: message,
  Message: message,
  Error: message,
  Machine: {
    args: gob.struct("UiMachineArgs", { Category: gob.string(), Args: gob.slice(gob.string()) }),
    reply: gob.any(),
  },
  /** Replies with the id of a new bar. The service {@link progress} of that bar is named `Ui` and the id. */
  NewTrackProgress: {
    args: gob.struct("TrackProgressParameters", {
      Src: gob.string(),
      TotalSize: gob.int(),
      CurrentSize: gob.int(),
    }),
    reply: gob.string(),
  },
};
/** A progress bar, served beside the Ui. */
export const progress = {
  /** How many bytes have passed since the last call. */
  Add: { args: gob.int(), reply: gob.any() },
  Close: nothing,
};

const directories = gob.struct("CommunicatorUploadDirArgs", {
  Dst: gob.string(),
  Src: gob.string(),
  Exclude: gob.slice(gob.string()),
});
export const communicator = {
  Start: {
    args: gob.struct("CommunicatorStartArgs", {
      Command: gob.string(),
      StdinStreamId: gob.uint32(),
      StdoutStreamId: gob.uint32(),
      StderrStreamId: gob.uint32(),
      ResponseStreamId: gob.uint32(),
    }),
    reply: gob.any(),
  },
  Upload: {
    args: gob.struct("CommunicatorUploadArgs", {
      Path: gob.string(),
      ReaderStreamId: gob.uint32(),
      FileInfo: gob.optional(
        gob.struct("fileInfo", {
          N: gob.string(),
          S: gob.int64(),
          M: gob.uint32(),
          T: gob.time(),
        }),
      ),
    }),
    reply: gob.any(),
  },
  Download: {
    args: gob.struct("CommunicatorDownloadArgs", {
      Path: gob.string(),
      WriterStreamId: gob.uint32(),
    }),
    reply: gob.any(),
  },
  UploadDir: { args: directories, reply: basicError },
  DownloadDir: { args: directories, reply: basicError },
};

/** Arrives on the response stream of `Start`, as a separate gob stream. */
export const commandFinished = gob.struct("CommandFinished", { ExitStatus: gob.int() });
