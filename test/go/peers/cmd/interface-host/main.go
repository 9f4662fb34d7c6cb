// Command interface-host starts a plugin with the plugin "interfaces" of internal/ifaces, calls its methods with
// values in interfaces, and reports each reply with its Go type.
//
//	interface-host [flags of internal/peer] -- plugin-command [args]
package main

import (
	"fmt"
	"net/rpc"
	"time"

	"goplug.test/peers/internal/ifaces"
	"goplug.test/peers/internal/peer"
)

func main() {
	peer.Main(ifaces.Set(), func(host *peer.Host) {
		conn, ok := host.Dispense(ifaces.Name)
		if !ok {
			return
		}
		calls("", conn.RPC)
		shapes(conn.RPC)
		lent(conn)
	})
}

// call passes an interface and reports the dynamic type and the value of the reply.
func call(client *rpc.Client, step, method string, args any) {
	var reply any
	err := client.Call("Plugin."+method, &args, &reply)
	peer.Report(step, map[string]any{"type": fmt.Sprintf("%T", reply), "value": peer.Plain(reply)}, err)
}

func calls(prefix string, client *rpc.Client) {
	when := time.Date(2024, 5, 6, 7, 8, 9, 10, time.UTC)
	run := ifaces.RunArgs{Name: "four", At: when, Options: map[string]any{"a": 1, "b": []any{"x"}}}
	call(client, prefix+"run", "Run", run)
	call(client, prefix+"maybe run", "MaybeRun", run)
	call(client, prefix+"maybe nil", "MaybeRun", nil)
	call(client, prefix+"echo nil", "Echo", nil)
	call(client, prefix+"echo run", "Echo", run)
	for _, kind := range []string{
		"step", "circle", "celsius", "moved", "int", "int64", "float", "texts", "list", "map", "keys", "pointer", "duration",
	} {
		call(client, prefix+"echo "+kind, "Echo", ifaces.Values[kind])
		call(client, prefix+"echo any "+kind, "EchoAny", ifaces.Values[kind])
	}
	_, _ = peer.Call[[]*any](client, prefix+"pointers", "Pointers", pointers())
}

// pointers to nil and to five.
func pointers() []*any {
	var null, five any = nil, 5
	return []*any{&null, &five}
}

func shapes(client *rpc.Client) {
	for step, shape := range map[string]ifaces.Shape{
		"circle": ifaces.Circle{Radius: 2},
		"square": &ifaces.Square{Side: 3},
	} {
		_, _ = peer.Call[float64](client, "area of "+step, "Area", ifaces.Shaped{Shape: shape})
		var grown ifaces.Shaped
		err := client.Call("Plugin.Grow", ifaces.Shaped{Shape: shape}, &grown)
		peer.Report("grown "+step, fmt.Sprintf("%T %v", grown.Shape, peer.Plain(grown.Shape)), err)
	}
	for _, kind := range []string{"int", "texts", "moved"} {
		call(client, "refused "+kind, "Run", ifaces.Values[kind])
	}
	call(client, "after refusals", "Run", ifaces.RunArgs{Name: "x"})
}

// lent passes interfaces through services that either side lends.
func lent(conn *peer.Conn) {
	id := conn.Broker.NextId()
	go conn.Broker.AcceptAndServe(id, &ifaces.Service{})
	_, _ = peer.Call[string](conn.RPC, "through", "Through",
		ifaces.Lend{ID: id, Method: "Run", Args: ifaces.RunArgs{Name: "seven77"}})

	var offered uint32
	err := conn.RPC.Call("Plugin.Offer", new(any), &offered)
	peer.Report("offer", nil, err)
	if err != nil {
		return
	}
	stream, err := conn.Broker.Dial(offered)
	if err != nil {
		peer.Report("dial", nil, err)
		return
	}
	client := rpc.NewClient(stream)
	defer client.Close()
	calls("offered ", client)
}
