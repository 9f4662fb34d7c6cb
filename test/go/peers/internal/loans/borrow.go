package loans

import (
	"errors"
	"io"
	"net/rpc"

	"github.com/hashicorp/go-plugin"

	"goplug.test/peers/internal/peer"
)

// Borrower is the service of a careless Go program: it closes only a writer, and not after a failure. Its lender ends the
// other loans.
type Borrower struct{ Broker *plugin.MuxBroker }

// Contract borrows a service.
func (b *Borrower) Contract(args Args, reply *int) error {
	conn, err := b.Broker.Dial(args.ID)
	if err != nil {
		return err
	}
	if err := rpc.NewClient(conn).Call("Plugin.Add", 1, reply); err != nil {
		return err
	}
	return end(args.Ending)
}

// Reader borrows a reader and reads it to its end.
func (b *Borrower) Reader(args Args, reply *int) error {
	conn, err := b.Broker.Dial(args.ID)
	if err != nil {
		return err
	}
	heard, err := io.ReadAll(conn)
	if err != nil {
		return err
	}
	*reply = len(heard)
	return end(args.Ending)
}

// Writer borrows a writer and writes some bytes.
func (b *Borrower) Writer(args Args, reply *int) (err error) {
	conn, err := b.Broker.Dial(args.ID)
	if err != nil {
		return err
	}
	if *reply, err = io.WriteString(conn, "words"); err != nil {
		return err
	}
	if err := end(args.Ending); err != nil {
		return err
	}
	return conn.Close()
}

func end(ending string) error {
	if ending == "throw" {
		return errors.New("no")
	}
	return nil
}

// Service is what the plugin serves: a borrower that also lends.
type Service struct{ Borrower }

// Turn asks the plugin to dial ID and to drive the service there.
type Turn struct {
	ID    uint32
	Times int
}

// Drive lends to the caller's service.
func (s *Service) Drive(turn Turn, reply *[]Result) error {
	conn, err := s.Broker.Dial(turn.ID)
	if err != nil {
		return err
	}
	client := rpc.NewClient(conn)
	defer client.Close()
	*reply = Drive(s.Broker, client, turn.Times)
	return nil
}

// Set is what the plugin serves and the host asks for.
func Set() plugin.PluginSet {
	return plugin.PluginSet{Name: &peer.Plugin{New: func(broker *plugin.MuxBroker) (any, error) {
		return &Service{Borrower{broker}}, nil
	}}}
}
