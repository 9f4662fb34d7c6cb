// Command kv-plugin serves the plugins "kv" and "types" of internal/kv.
package main

import (
	"goplug.test/peers/internal/kv"
	"goplug.test/peers/internal/peer"
)

func main() { peer.Serve(kv.Set()) }
