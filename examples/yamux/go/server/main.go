// Command server computes the checksum of the bytes on each yamux stream, for ../../client.ts.
//
//	server [PORT]
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net"
	"os"

	"github.com/hashicorp/yamux"
)

func main() {
	port := "0"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			if err := serve(connection); err != nil {
				log.Print(err)
			}
		}()
	}
}

// serve opens one stream for notices, then answers on each stream of the client until the client is gone.
func serve(connection net.Conn) error {
	session, err := yamux.Server(connection, nil)
	if err != nil {
		return err
	}
	defer session.Close()
	notices, err := session.OpenStream()
	if err != nil {
		return err
	}
	for {
		stream, err := session.AcceptStream()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		go func() {
			defer stream.Close()
			hash := sha256.New()
			n, err := io.Copy(hash, stream)
			if err != nil {
				log.Print(err)
				return
			}
			fmt.Fprintf(notices, "stream %d: %d bytes\n", stream.StreamID(), n)
			fmt.Fprintf(stream, "%x", hash.Sum(nil))
		}()
	}
}
