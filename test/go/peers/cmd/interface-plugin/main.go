// Command interface-plugin serves the plugin "interfaces" of internal/ifaces.
package main

import (
	"goplug.test/peers/internal/ifaces"
	"goplug.test/peers/internal/peer"
)

func main() { peer.Serve(ifaces.Set()) }
