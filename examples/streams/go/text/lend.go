package text

import (
	"io"

	"github.com/hashicorp/go-plugin"
)

// lendReader waits until the other side dials id, then sends r to it until r ends or the other side closes.
func lendReader(broker *plugin.MuxBroker, id uint32, r io.Reader) error {
	conn, err := broker.Accept(id)
	if err != nil {
		return err
	}
	defer conn.Close()
	// The other side sends nothing. When it closes, reading from r stops.
	go func() {
		io.Copy(io.Discard, conn)
		conn.Close()
	}()
	_, err = io.Copy(conn, r)
	return err
}

// lendWriter waits until the other side dials id, then writes everything it sends to w until it closes.
func lendWriter(broker *plugin.MuxBroker, id uint32, w io.Writer) error {
	conn, err := broker.Accept(id)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = io.Copy(w, conn)
	return err
}
