package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/rpc"

	"github.com/hashicorp/yamux"
)

const brokerID = 7

func serve(codec rpcCodec, network, address string) {
	server := rpc.NewServer()
	if err := server.Register(Plugin{}); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen(socketOf(network), address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	if network == "http" {
		server.HandleHTTP(rpc.DefaultRPCPath, rpc.DefaultDebugPath)
		log.Fatal(http.Serve(listener, nil))
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		if network == "broker" {
			go serveSession(codec, server, conn)
		} else {
			go codec.server(server, conn)
		}
	}
}

// serveSession accepts streams as go-plugin's MuxBroker does: it reads an id and writes it back.
func serveSession(codec rpcCodec, server *rpc.Server, conn net.Conn) {
	session, err := yamux.Server(conn, nil)
	if err != nil {
		log.Fatal(err)
	}
	for {
		stream, err := session.Accept()
		if err != nil {
			return
		}
		var id uint32
		if err := binary.Read(stream, binary.LittleEndian, &id); err != nil {
			log.Fatal(err)
		}
		if err := binary.Write(stream, binary.LittleEndian, id); err != nil {
			log.Fatal(err)
		}
		go codec.server(server, stream)
	}
}

func dial(network, address string) io.ReadWriteCloser {
	conn, err := net.Dial(socketOf(network), address)
	if err != nil {
		log.Fatal(err)
	}
	switch network {
	case "http":
		// As rpc.DialHTTP does, which offers no choice of codec.
		io.WriteString(conn, "CONNECT "+rpc.DefaultRPCPath+" HTTP/1.0\n\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: "CONNECT"})
		if err == nil && response.Status != "200 Connected to Go RPC" {
			err = errors.New(response.Status)
		}
		if err != nil {
			log.Fatal(err)
		}
	case "broker":
		session, err := yamux.Client(conn, nil)
		if err != nil {
			log.Fatal(err)
		}
		stream, err := session.Open()
		if err != nil {
			log.Fatal(err)
		}
		binary.Write(stream, binary.LittleEndian, uint32(brokerID))
		var id uint32
		if binary.Read(stream, binary.LittleEndian, &id); id != brokerID {
			log.Fatalf("ack %d", id)
		}
		return stream
	}
	return conn
}

func socketOf(network string) string {
	switch network {
	case "http":
		return "tcp"
	case "broker":
		return "unix"
	}
	return network
}
