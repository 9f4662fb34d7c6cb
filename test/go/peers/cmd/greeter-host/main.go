// Command greeter-host starts a greeter plugin and calls it: once, n times in a row, n times at once.
//
//	greeter-host [-sequential n] [-concurrent n] [flags of internal/peer] -- plugin-command [args]
package main

import (
	"flag"
	"net/rpc"

	"goplug.test/peers/internal/greeter"
	"goplug.test/peers/internal/peer"
)

var (
	sequential = flag.Int("sequential", 0, "then call this many times in a row")
	concurrent = flag.Int("concurrent", 0, "then have this many calls in flight")
)

func main() { peer.Main(greeter.Set(), drive) }

func drive(host *peer.Host) {
	conn, ok := host.Dispense(greeter.Name)
	if !ok {
		return
	}
	_, _ = peer.Call[string](conn.RPC, "greet", "Greet", new(any))
	if *sequential > 0 {
		replies := tally{}
		for range *sequential {
			var reply string
			err := conn.RPC.Call("Plugin.Greet", new(any), &reply)
			replies.add(reply, err)
		}
		peer.Report("sequential", replies, nil)
	}
	if *concurrent > 0 {
		done := make(chan *rpc.Call, *concurrent)
		for range *concurrent {
			conn.RPC.Go("Plugin.Greet", new(any), new(string), done)
		}
		replies := tally{}
		for range *concurrent {
			call := <-done
			replies.add(*call.Reply.(*string), call.Error)
		}
		peer.Report("concurrent", replies, nil)
	}
}

// tally counts equal outcomes: {"Hello!": 100}.
type tally map[string]int

func (t tally) add(reply string, err error) {
	if err != nil {
		reply = "error: " + err.Error()
	}
	t[reply]++
}
