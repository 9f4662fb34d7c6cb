// Command loans-plugin serves the plugin "loans" of internal/loans.
package main

import (
	"goplug.test/peers/internal/loans"
	"goplug.test/peers/internal/peer"
)

func main() { peer.Serve(loans.Set()) }
