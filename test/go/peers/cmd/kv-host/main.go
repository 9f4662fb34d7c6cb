// Command kv-host starts a plugin with the plugins "kv" and "types" of internal/kv, calls every
// method of both and reports each reply.
//
//	kv-host [-skip-types] [flags of internal/peer] -- plugin-command [args]
package main

import (
	"bytes"
	"flag"
	"math"

	"goplug.test/peers/internal/kv"
	"goplug.test/peers/internal/peer"
)

var skipTypes = flag.Bool("skip-types", false, "call the plugin \"kv\" only")

func main() {
	peer.Main(kv.Set(), func(host *peer.Host) {
		driveStore(host)
		if !*skipTypes {
			driveTypes(host)
		}
	})
}

func driveStore(host *peer.Host) {
	conn, ok := host.Dispense(kv.Name)
	if !ok {
		return
	}
	put := func(step, key string, value []byte) {
		_, _ = peer.Call[any](conn.RPC, step, "Put", map[string]any{"key": key, "value": value})
	}
	get := func(step, key string) { _, _ = peer.Call[[]byte](conn.RPC, step, "Get", key) }

	put("put", "hello", []byte("world"))
	get("get", "hello")
	put("put again", "hello", []byte{0, 0xff})
	get("get again", "hello")
	put("put empty", "empty", []byte{})
	get("get empty", "empty")
	get("get unknown", "nowhere")
	put("put large", "large", bytes.Repeat([]byte("0123456789abcdef"), 1<<16))
	var large []byte
	err := conn.RPC.Call("Plugin.Get", "large", &large)
	peer.Report("get large", len(large), err)
}

func driveTypes(host *peer.Host) {
	conn, ok := host.Dispense(kv.TypesName)
	if !ok {
		return
	}
	rpc := conn.RPC
	email := "ada@example.com"
	_, _ = peer.Call[string](rpc, "describe", "Describe", kv.Person{
		Name: "Ada", Age: 36, Email: &email, Tags: []string{"math", "code"},
		Scores: map[string]float64{"chess": 12.5},
	})
	_, _ = peer.Call[string](rpc, "describe nobody", "Describe", kv.Person{})
	_, _ = peer.Call[[]byte](rpc, "reverse", "Reverse", []byte{1, 2, 0xff})
	_, _ = peer.Call[kv.Everything](rpc, "sample", "Sample", 21)
	_, _ = peer.Call[kv.Everything](rpc, "mirror", "Mirror", kv.Sample(42))
	_, _ = peer.Call[kv.Everything](rpc, "mirror nothing", "Mirror", kv.Everything{})
	_, _ = peer.Call[map[string]int](rpc, "count words", "CountWords", "a b a")
	_, _ = peer.Call[int64](rpc, "sum", "Sum", []int64{1, -5, 1 << 40})
	_, _ = peer.Call[int64](rpc, "sum large", "Sum", []int64{math.MaxInt64, -1})
	_, _ = peer.Call[kv.Link](rpc, "chain", "Chain", 3)
	_, _ = peer.Call[kv.Found](rpc, "find", "Find", "here")
	_, _ = peer.Call[kv.Found](rpc, "find nothing", "Find", "there")
}
