// Command bench-host starts a plugin with the plugin "bench" of internal/bench, says it is ready, and
// measures one case per line on stdin (see internal/bench), until stdin ends. The case "start"
// starts further plugins of the same command, one after the other, and times each from its spawn to
// its first reply; the case "hold" starts one more and keeps it.
//
//	bench-host -- plugin-command [args]
package main

import (
	"flag"
	"fmt"
	"net/rpc"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/bench"
	"goplug.test/peers/internal/peer"
)

func main() {
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: bench-host -- plugin-command [args]")
		os.Exit(2)
	}
	client, calls, err := start(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-host:", err)
		os.Exit(1)
	}
	held := []*plugin.Client{client}
	bench.Answer(func(name string, duration time.Duration) (bench.Result, error) {
		if name == "start" {
			return starts(duration)
		}
		if name == "hold" {
			client, calls, err := start(flag.Args())
			if err != nil {
				return bench.Result{}, err
			}
			held = append(held, client)
			return bench.Result{}, bench.Cases["string 1"].Call(calls)
		}
		if wanted, ok := bench.Cases[name]; ok {
			return wanted.Run(calls, duration)
		}
		return bench.Result{}, fmt.Errorf("unknown case %q", name)
	})
	for _, client := range held {
		client.Kill()
	}
}

func start(command []string) (*plugin.Client, *rpc.Client, error) {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: peer.Handshake,
		Plugins:         bench.Set(),
		Cmd:             exec.Command(command[0], command[1:]...),
		Logger:          hclog.NewNullLogger(),
	})
	protocol, err := client.Client()
	if err != nil {
		client.Kill()
		return nil, nil, err
	}
	raw, err := protocol.Dispense(bench.Name)
	if err != nil {
		client.Kill()
		return nil, nil, err
	}
	return client, raw.(*peer.Conn).RPC, nil
}

// starts counts only the time up to the first reply, not the end of the plugin.
func starts(duration time.Duration) (bench.Result, error) {
	var times []int64
	var result bench.Result
	for deadline := time.Now().Add(duration); time.Now().Before(deadline); {
		before := time.Now()
		client, calls, err := start(flag.Args())
		if err != nil {
			return result, err
		}
		err = bench.Cases["string 1"].Call(calls)
		elapsed := time.Since(before).Nanoseconds()
		client.Kill()
		if err != nil {
			return result, err
		}
		times = append(times, elapsed)
		result.ElapsedNs += elapsed
	}
	result.Count = int64(len(times))
	slices.Sort(times)
	if len(times) > 0 {
		result.P50Ns = times[len(times)/2]
	}
	return result, nil
}
