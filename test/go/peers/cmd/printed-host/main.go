// Command printed-host starts the plugin "printer", lets one method print, kills the plugin, and reports what arrived
// on the sync streams: step "stdout" and step "stderr" with the number of bytes and their SHA-256.
//
//	printed-host -method NAME -bytes N [-stderr] [flags of internal/peer] -- plugin-command [args]
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"time"

	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/peer"
)

var (
	method = flag.String("method", "Console", "the method that prints")
	size   = flag.Int("bytes", 0, "how many bytes it prints")
	stderr = flag.Bool("stderr", false, "it prints on stderr instead of stdout")
)

// Print is the argument of every method.
type Print struct {
	Bytes  int
	Stderr bool
}

// patience is for the case that bytes are missing; with all of them there is no wait.
const patience = 20 * time.Second

func main() {
	peer.Main(plugin.PluginSet{"printer": &peer.Plugin{}}, func(host *peer.Host) {
		conn, ok := host.Dispense("printer")
		if !ok {
			return
		}
		_, _ = peer.Call[struct{}](conn.RPC, "print", *method, Print{Bytes: *size, Stderr: *stderr})
		host.Client.Kill()
		report("stdout", host.Stdout, !*stderr)
		report("stderr", host.Stderr, *stderr)
	})
}

func report(step string, output *peer.Buffer, isWanted bool) {
	wanted := 0
	if isWanted {
		wanted = *size
	}
	got := output.Take(wanted, patience)
	digest := sha256.Sum256(got)
	peer.Report(step, map[string]any{"bytes": len(got), "sha256": hex.EncodeToString(digest[:])}, nil)
}
