// Command transcript is the host or the plugin of the recorded conversation: connect, Ping, Ping,
// Dispense "greeter", Double(21), Fail(21), Quit. The recorder runs between the two:
//
//	transcript host -- recorder -o FILE -- transcript plugin
//
// Each role is a process of its own, because gob numbers types per process.
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/fixture"
	"goplug.test/peers/internal/peer"
)

func main() {
	role := ""
	if len(os.Args) > 1 {
		role = os.Args[1]
		os.Args = append(os.Args[:1], os.Args[2:]...)
	}
	switch role {
	case "host":
		peer.Main(set(), drive)
	case "plugin":
		os.Args = append(os.Args, "-linger")
		peer.Serve(set())
	default:
		fmt.Fprintln(os.Stderr, "usage: transcript host -- plugin-command, or transcript plugin")
		os.Exit(2)
	}
}

// set serves the fixture under the greeter's name.
func set() plugin.PluginSet { return plugin.PluginSet{"greeter": fixture.Set()[fixture.Name]} }

// drive continues after peer.Main has connected and pinged.
func drive(host *peer.Host) {
	peer.Report("ping", nil, host.RPC.Ping())
	conn, ok := host.Dispense("greeter")
	if !ok {
		return
	}
	_, _ = peer.Call[int](conn.RPC, "double", "Double", 21)
	_, _ = peer.Call[int](conn.RPC, "fail", "Fail", 21)
}
