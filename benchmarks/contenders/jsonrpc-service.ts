/** The request that the vscode-jsonrpc client and server share. */

import { RequestType } from "vscode-jsonrpc/node";

export interface Text {
  readonly text: string;
}

export const echoRequest = new RequestType<Text, Text, void>("bench/echo");
