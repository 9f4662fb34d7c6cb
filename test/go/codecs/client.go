package main

import (
	"fmt"
	"net/rpc"
	"sync"
)

func call(codec rpcCodec, network, address string) {
	var client *rpc.Client
	if network == "http" {
		// By Go's own function, where it offers one.
		var err error
		if client, err = rpc.DialHTTP("tcp", address); err != nil {
			report("dial", nil, err)
			return
		}
	} else {
		client = codec.client(dial(network, address))
	}
	for name, sample := range samples {
		var reply Everything
		err := client.Call("Plugin.Sample", name, &reply)
		report("sample "+name, differences(reply, sample), err)
		var text string
		err = client.Call("Plugin.Check", sample, &text)
		report("check "+name, text, err)
	}
	refusals(client)
	overtaking(client)
	many(client)
	var reply int64
	err := client.Call("Plugin.Double", int64(1)<<61, &reply)
	report("double", fmt.Sprint(reply), err)
	report("close", nil, client.Close())
}

func refusals(client *rpc.Client) {
	var reply int
	for _, text := range []string{"boom", "no such key"} {
		report("fail "+text, nil, client.Call("Plugin.Fail", text, &reply))
	}
	report("unknown method", nil, client.Call("Plugin.Nothing", 1, &reply))
	report("unknown service", nil, client.Call("Nobody.Slow", 1, &reply))
	report("ill-formed", nil, client.Call("NoDot", 1, &reply))
}

// overtaking makes two calls at once. The second is answered first.
func overtaking(client *rpc.Client) {
	var slow, fast int
	done := make(chan *rpc.Call, 2)
	client.Go("Plugin.Slow", 150, &slow, done)
	client.Go("Plugin.Slow", 1, &fast, done)
	order := []int{}
	for range 2 {
		call := <-done
		order = append(order, *call.Reply.(*int))
	}
	report("overtaking", order, nil)
}

func many(client *rpc.Client) {
	var wait sync.WaitGroup
	var mutex sync.Mutex
	wrong := 0
	for n := range 500 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			var reply int64
			err := client.Call("Plugin.Double", int64(n), &reply)
			mutex.Lock()
			defer mutex.Unlock()
			if err != nil || reply != 2*int64(n) {
				wrong++
			}
		}()
	}
	wait.Wait()
	report("many", wrong, nil)
}
