// Package loans lends and borrows with the broker's methods, as Mattermost's FileWillBeUploaded does: the lender waits
// for the end of what it lent, and the borrower decides how the call ends. Plugin name "loans".
package loans

import (
	"errors"
	"io"
	"net"
	"net/rpc"
	"sync"

	"github.com/hashicorp/go-plugin"
)

// Name is the name to dispense.
const Name = "loans"

// Args are the arguments of all methods: what is lent, and how the borrower is to end the call.
type Args struct {
	ID     uint32
	Ending string
}

// Kinds are what can be lent. Each is the name of a method too.
var Kinds = []string{"Contract", "Reader", "Writer"}

// Endings are the ways in which a borrower of ours ends a call.
var Endings = []string{"answer", "use", "throw", "use and throw", "bad reply"}

// Result tells how the calls of one kind and ending went on the lender's side.
type Result struct {
	Kind   string
	Ending string
	// Calls counts the texts of the calls' errors; "" is an answer.
	Calls map[string]int
	// Ends counts how the lender saw its streams end: what it heard and the error after it.
	Ends map[string]int
}

// Adder is what is lent as a contract.
type Adder struct{}

// Add returns n + 1.
func (Adder) Add(n int, reply *int) error {
	*reply = n + 1
	return nil
}

// Lend accepts a new id and lends one of that kind on it. The channel gets a text when the borrower's stream has ended;
// onAccept runs when the borrower has come.
func Lend(broker *plugin.MuxBroker, kind string, onAccept func()) (uint32, <-chan string) {
	id := broker.NextId()
	ended := make(chan string, 1)
	go func() {
		conn, err := broker.Accept(id)
		if err != nil {
			ended <- "accept: " + err.Error()
			return
		}
		onAccept()
		how := serve(kind, conn)
		conn.Close()
		ended <- how
	}()
	return id, ended
}

func serve(kind string, conn net.Conn) string {
	switch kind {
	case "Contract":
		server := rpc.NewServer()
		if err := server.RegisterName("Plugin", Adder{}); err != nil {
			return err.Error()
		}
		server.ServeConn(conn)
		return "served"
	case "Reader":
		if _, err := io.WriteString(conn, "bytes of the lender"); err != nil {
			return err.Error()
		}
		_, err := io.Copy(io.Discard, conn)
		return text("", err)
	default:
		heard, err := io.ReadAll(conn)
		return text(string(heard), err)
	}
}

func text(heard string, err error) string {
	if err != nil {
		return heard + "|" + err.Error()
	}
	return heard + "|EOF"
}

// Drive lends each kind for each ending, `times` at once, to the service behind client. Like Mattermost, it waits for the
// answer and then for the end of what it lent.
func Drive(broker *plugin.MuxBroker, client *rpc.Client, times int) []Result {
	var results []Result
	for _, kind := range Kinds {
		for _, ending := range Endings {
			results = append(results, drive(broker, client, kind, ending, times))
		}
	}
	return results
}

func drive(broker *plugin.MuxBroker, client *rpc.Client, kind, ending string, times int) Result {
	result := Result{kind, ending, map[string]int{}, map[string]int{}}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range times {
		all.Add(1)
		go func() {
			defer all.Done()
			id, ended := Lend(broker, kind, func() {})
			var reply int
			err := client.Call("Plugin."+kind, Args{id, ending}, &reply)
			how := <-ended
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				err = errors.New("")
			}
			result.Calls[err.Error()]++
			result.Ends[how]++
		}()
	}
	all.Wait()
	return result
}

// HangUp makes a call that waits for its loan, and closes the client when the borrower has come. It returns how the lender saw
// its stream end.
func HangUp(broker *plugin.MuxBroker, client *rpc.Client, kind string) string {
	accepted := make(chan struct{})
	id, ended := Lend(broker, kind, func() { close(accepted) })
	call := client.Go("Plugin."+kind, Args{id, "wait"}, new(int), nil)
	<-accepted
	client.Close()
	<-call.Done
	return <-ended
}
