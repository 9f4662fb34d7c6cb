package main

import (
	"fmt"
	"net/rpc"
	"time"

	"goplug.test/peers/internal/fixture"
	"goplug.test/peers/internal/peer"
)

func calls(_ *peer.Host, conn *peer.Conn) {
	client := conn.RPC
	_, _ = peer.Call[int](client, "double", "Double", 21)
	_, _ = peer.Call[int](client, "double zero", "Double", 0)
	_, _ = peer.Call[int](client, "double negative", "Double", -1<<40)
	_, _ = peer.Call[string](client, "echo string", "EchoString", "héllo, 世界")
	_, _ = peer.Call[string](client, "echo empty string", "EchoString", "")
	_, _ = peer.Call[[]byte](client, "echo bytes", "EchoBytes", []byte{0, 1, 0xff})
	_, _ = peer.Call[fixture.Scalars](client, "echo scalars", "EchoScalars", fixture.Scalars{
		Bool: true, Int: -1, Int32: 1 << 30, Int64: 1 << 52, Uint8: 255, Uint64: 1<<64 - 1,
		Float32: 0.5, Float64: 0.1, String: "text", Bytes: []byte{1},
	})
	_, _ = peer.Call[fixture.Scalars](client, "echo zero scalars", "EchoScalars", fixture.Scalars{})
	_, _ = peer.Call[int](client, "concrete", "Concrete", fixture.Point{X: 40, Y: 2})
	_, _ = peer.Call[int](client, "concrete pointer", "Concrete", &fixture.Point{X: 40, Y: 2})
	_, _ = peer.Call[struct{}](client, "nothing", "Nothing", struct{}{})
	for _, item := range []struct {
		step  string
		value any
	}{
		{"echo any nil", nil}, {"echo any string", "x"}, {"echo any int", 5},
		{"echo any bytes", []byte{1, 2}}, {"echo any bool", true}, {"echo any float", 2.5},
		{"echo any strings", []string{"a", "b"}},
	} {
		_, _ = peer.Call[any](client, item.step, "EchoAny", &item.value)
	}
	scale := fixture.Scale{By: 2, Drawing: fixture.Drawing{
		Frame: fixture.Square{Side: 10}, Shapes: []fixture.Shape{&fixture.Circle{Radius: 1}, fixture.Square{Side: 2}},
	}}
	drawing, err := peer.Call[fixture.Drawing](client, "scale", "Scale", scale)
	if err == nil {
		peer.Report("scaled", fmt.Sprintf("%T %v, %T %v", drawing.Frame, drawing.Frame, drawing.Shapes[0], drawing.Shapes[0]), nil)
	}
	drawing, err = peer.Call[fixture.Drawing](client, "scale down", "Scale", fixture.Scale{By: 0.5})
	if err == nil {
		peer.Report("scaled down", fmt.Sprintf("%T %v", drawing.Err, drawing.Err), nil)
	}
}

func callErrors(_ *peer.Host, conn *peer.Conn) {
	client := conn.RPC
	_, _ = peer.Call[int](client, "fail", "Fail", 21)
	_, _ = peer.Call[int](client, "fail silently", "FailSilently", 21)
	_, _ = peer.Call[int](client, "unknown method", "NoSuchMethod", 21)
	// An interface in the place of a concrete type, and a concrete type in the place of an interface.
	_, _ = peer.Call[int](client, "string for struct", "Concrete", "text")
	_, _ = peer.Call[int](client, "interface for struct", "Concrete", new(any))
	_, _ = peer.Call[any](client, "string for interface", "EchoAny", "text")
	_, _ = peer.Call[int](client, "string for int", "Double", "text")
	_, _ = peer.Call[int](client, "uint for int", "Double", uint(21))
	_, _ = peer.Call[int](client, "no field in common", "Concrete", struct{ Z int }{1})
	err := client.Call("Nobody.Double", 21, new(int))
	peer.Report("unknown service", nil, err)
	err = client.Call("NoDot", 21, new(int))
	peer.Report("no dot", nil, err)
	_, _ = peer.Call[int](client, "double after errors", "Double", 21)
}

// order makes a call that waits while another overtakes it.
func order(_ *peer.Host, conn *peer.Conn) {
	waiting := conn.RPC.Go("Plugin.Wait", "gate", new(string), make(chan *rpc.Call, 1))
	_, _ = peer.Call[int](conn.RPC, "overtake", "Double", 1)
	select {
	case <-waiting.Done:
		peer.Report("still waiting", false, nil)
	default:
		peer.Report("still waiting", true, nil)
	}
	_, _ = peer.Call[struct{}](conn.RPC, "release", "Release", "gate")
	<-waiting.Done
	peer.Report("waited", *waiting.Reply.(*string), waiting.Error)
}

// concurrent makes 64 calls at once with different replies.
func concurrent(_ *peer.Host, conn *peer.Conn) {
	const inFlight = 64
	pending := make([]*rpc.Call, inFlight)
	for n := range pending {
		pending[n] = conn.RPC.Go("Plugin.Double", n, new(int), make(chan *rpc.Call, 1))
	}
	right := 0
	for n, call := range pending {
		<-call.Done
		if call.Error == nil && *call.Reply.(*int) == 2*n {
			right++
		}
	}
	peer.Report("concurrent", right, nil)
}

// instances shows that each Dispense makes a new service.
func instances(host *peer.Host, conn *peer.Conn) {
	first, err := peer.Call[int](conn.RPC, "instance", "Instance", new(any))
	second, ok := host.Dispense(fixture.Name)
	if err != nil || !ok {
		return
	}
	defer second.RPC.Close()
	var n int
	err = second.RPC.Call("Plugin.Instance", new(any), &n)
	peer.Report("instances differ", n != first, err)
}

func output(host *peer.Host, conn *peer.Conn) {
	print := fixture.Output{Stdout: []byte("to stdout\n"), Stderr: []byte("to stderr\n")}
	_, _ = peer.Call[struct{}](conn.RPC, "print", "Print", print)
	const patience = 5 * time.Second
	peer.Report("stdout", string(host.Stdout.Take(len(print.Stdout), patience)), nil)
	peer.Report("stderr", string(host.Stderr.Take(len(print.Stderr), patience)), nil)
}

// logging makes log records, which -log reports as steps.
func logging(_ *peer.Host, conn *peer.Conn) {
	for _, level := range []string{"trace", "debug", "info", "warn", "error"} {
		_, _ = peer.Call[struct{}](conn.RPC, "log "+level, "Log", fixture.Record{
			Level: level, Message: "message at " + level, Key: "key", Value: "<value>",
		})
	}
}
