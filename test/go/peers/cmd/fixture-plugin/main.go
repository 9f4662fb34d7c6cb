// Command fixture-plugin serves the plugin "fixture" of internal/fixture.
package main

import (
	"goplug.test/peers/internal/fixture"
	"goplug.test/peers/internal/peer"
)

func main() { peer.Serve(fixture.Set()) }
