package upload

import (
	"bufio"
	"encoding/binary"
	"io"
)

// remoteReader asks the lender for the bytes of each Read.
type remoteReader struct{ conn io.ReadWriter }

func (r remoteReader) Read(p []byte) (int, error) {
	request := binary.AppendVarint(nil, int64(len(p)))
	if _, err := r.conn.Write(request); err != nil {
		return 0, err
	}
	return r.conn.Read(p)
}

// serveReader answers a remoteReader until source ends or the borrower closes.
func serveReader(source io.Reader, conn io.ReadWriter) error {
	requests := bufio.NewReader(conn)
	for {
		wanted, err := binary.ReadVarint(requests)
		if err != nil {
			return err
		}
		// The error is io.EOF when source has ended.
		if _, err := io.CopyN(conn, source, wanted); err != nil {
			return err
		}
	}
}
