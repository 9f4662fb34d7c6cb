// Command bench-plugin serves the plugin "bench" of internal/bench. Start it with -quiet.
package main

import (
	"goplug.test/peers/internal/bench"
	"goplug.test/peers/internal/peer"
)

func main() { peer.Serve(bench.Set()) }
