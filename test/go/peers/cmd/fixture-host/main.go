// Command fixture-host starts a plugin with the plugin "fixture" of internal/fixture, drives every
// method and reports each outcome.
//
//	fixture-host [-only REGEX] [-exit n] [flags of internal/peer] -- plugin-command [args]
package main

import (
	"flag"
	"regexp"

	"goplug.test/peers/internal/fixture"
	"goplug.test/peers/internal/peer"
)

var (
	only = flag.String("only", "", "run only the parts whose name matches: "+
		"calls, errors, order, concurrent, instances, callbacks, streams, output, log")
	exit = flag.Int("exit", -1, "at the end make the plugin exit with this code in mid-call")
)

// parts run in this order; each is independent of the others.
var parts = []struct {
	name string
	run  func(*peer.Host, *peer.Conn)
}{
	{"calls", calls},
	{"errors", callErrors},
	{"order", order},
	{"concurrent", concurrent},
	{"instances", instances},
	{"callbacks", callbacks},
	{"streams", streams},
	{"output", output},
	{"log", logging},
}

func main() {
	peer.Main(fixture.Set(), func(host *peer.Host) {
		conn, ok := host.Dispense(fixture.Name)
		if !ok {
			return
		}
		wanted := regexp.MustCompile(*only)
		for _, part := range parts {
			if wanted.MatchString(part.name) {
				part.run(host, conn)
			}
		}
		if *exit >= 0 {
			_, _ = peer.Call[struct{}](conn.RPC, "exit", "Exit", *exit)
			_, _ = peer.Call[int](conn.RPC, "call after exit", "Double", 1)
		}
	})
}
