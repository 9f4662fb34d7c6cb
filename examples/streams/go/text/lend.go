package text

import (
	"io"

	"github.com/hashicorp/go-plugin"
)

// lendReader waits until the other side dials id, and lets it read r to the end or hang up.
func lendReader(broker *plugin.MuxBroker, id uint32, r io.Reader) error {
	conn, err := broker.Accept(id)
	if err != nil {
		return err
	}
	defer conn.Close()
	// The other side says nothing, except that it hung up: then nothing more is read from r.
	go func() {
		io.Copy(io.Discard, conn)
		conn.Close()
	}()
	_, err = io.Copy(conn, r)
	return err
}

// lendWriter waits until the other side dials id, and writes to w what it sends until it closes.
func lendWriter(broker *plugin.MuxBroker, id uint32, w io.Writer) error {
	conn, err := broker.Accept(id)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = io.Copy(w, conn)
	return err
}
