// Command loans-host starts a plugin with the plugin "loans", lends to it and borrows from it, and reports how the loans
// ended.
//
//	loans-host [flags of internal/peer] -- plugin-command [args]
package main

import (
	"net/rpc"

	"goplug.test/peers/internal/loans"
	"goplug.test/peers/internal/peer"
)

// times is how often each loan is made.
const times = 50

func main() {
	peer.Main(loans.Set(), func(host *peer.Host) {
		conn, ok := host.Dispense(loans.Name)
		if !ok {
			return
		}
		open := func(step string) { _, _ = peer.Call[int](conn.RPC, step, "Open", struct{}{}) }
		open("open before")
		for _, result := range loans.Drive(conn.Broker, conn.RPC, times) {
			peer.Report("lent "+result.Kind+" "+result.Ending, result, nil)
		}
		open("open after lending")
		for _, kind := range loans.Kinds {
			second, ok := host.Dispense(loans.Name)
			if !ok {
				return
			}
			peer.Report("hung up "+kind, loans.HangUp(conn.Broker, second.RPC, kind), nil)
		}
		borrow(conn)
		open("open after all")
	})
}

// borrow lets the plugin lend to us.
func borrow(conn *peer.Conn) {
	id := conn.Broker.NextId()
	go func() {
		stream, err := conn.Broker.Accept(id)
		if err != nil {
			return
		}
		server := rpc.NewServer()
		if err := server.RegisterName("Plugin", &loans.Borrower{Broker: conn.Broker}); err != nil {
			panic(err)
		}
		server.ServeConn(stream)
	}()
	_, _ = peer.Call[[]string](conn.RPC, "borrowed", "Lend", loans.Turn{ID: id, Times: times})
}
