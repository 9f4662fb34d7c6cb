// Command greeter-plugin serves the greeter of go-plugin's basic example.
package main

import (
	"goplug.test/peers/internal/greeter"
	"goplug.test/peers/internal/peer"
)

func main() { peer.Serve(greeter.Set()) }
