package main

import (
	"net"
	"net/rpc"

	"goplug.test/peers/internal/fixture"
	"goplug.test/peers/internal/peer"
)

// streamBytes is more than a yamux window, so that flow control is used.
const streamBytes = 1 << 20

// callbacks lends a service in both directions.
func callbacks(_ *peer.Host, conn *peer.Conn) {
	for _, method := range []string{"Double", "Fail", "NoSuchMethod"} {
		id := conn.Broker.NextId()
		go conn.Broker.AcceptAndServe(id, &fixture.Callback{})
		_, _ = peer.Call[int](conn.RPC, "call back "+method, "CallBack",
			fixture.CallBack{ID: id, Method: method, N: 21})
	}

	var id uint32
	if err := conn.RPC.Call("Plugin.Offer", new(any), &id); err != nil {
		peer.Report("offer", nil, err)
		return
	}
	stream, err := conn.Broker.Dial(id)
	peer.Report("offer", nil, err)
	if err != nil {
		return
	}
	offered := rpc.NewClient(stream)
	defer offered.Close()
	for _, n := range []int{1, 2, 3} {
		_, _ = peer.Call[int](offered, "offered count", "Count", n)
	}
	_, _ = peer.Call[int](offered, "offered fail", "Fail", 0)
}

// streams lends a reader and a writer in both directions.
func streams(_ *peer.Host, conn *peer.Conn) {
	lend := func(step, method string, args func(id uint32) any, use func(net.Conn) (fixture.Digest, error)) {
		id := conn.Broker.NextId()
		ours := make(chan fixture.Digest, 1)
		go func() {
			defer close(ours)
			stream, err := conn.Broker.Accept(id)
			if err != nil {
				return
			}
			defer stream.Close()
			if digest, err := use(stream); err == nil {
				ours <- digest
			}
		}()
		var theirs fixture.Digest
		err := conn.RPC.Call("Plugin."+method, args(id), &theirs)
		peer.Report(step, verdict(theirs, <-ours), err)
	}
	lend("lend reader", "ReadFrom", func(id uint32) any { return id },
		func(c net.Conn) (fixture.Digest, error) { return fixture.Write(c, streamBytes) })
	lend("lend writer", "WriteTo", func(id uint32) any { return fixture.Fill{ID: id, Bytes: streamBytes} },
		func(c net.Conn) (fixture.Digest, error) { return fixture.Read(c) })

	borrow := func(step, method string, args any, use func(net.Conn) (fixture.Digest, error)) {
		var id uint32
		if err := conn.RPC.Call("Plugin."+method, args, &id); err != nil {
			peer.Report(step, nil, err)
			return
		}
		stream, err := conn.Broker.Dial(id)
		if err != nil {
			peer.Report(step, nil, err)
			return
		}
		ours, err := use(stream)
		if err != nil {
			peer.Report(step, nil, err)
			return
		}
		stream.Close()
		var theirs fixture.Digest
		err = conn.RPC.Call("Plugin.Offered", id, &theirs)
		peer.Report(step, verdict(theirs, ours), err)
	}
	borrow("borrow reader", "OfferReader", int64(streamBytes), func(c net.Conn) (fixture.Digest, error) {
		return fixture.Read(c)
	})
	borrow("borrow writer", "OfferWriter", new(any), func(c net.Conn) (fixture.Digest, error) {
		return fixture.Write(c, streamBytes)
	})
}

// verdict compares what went over the two ends of a stream.
func verdict(theirs, ours fixture.Digest) map[string]any {
	return map[string]any{"bytes": theirs.Bytes, "same": theirs == ours}
}
