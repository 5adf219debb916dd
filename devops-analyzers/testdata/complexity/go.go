// Each `expect:` line gives name, cognitive and cyclomatic complexity of a function, in order.
package main

type node[T any] struct{ next *node[T] }

// expect: empty 0 1
func empty() {}

// expect: node.walk 5 5
func (n *node[T]) walk(visit func(T) error) (err error) {
	for m := n; m != nil; m = m.next {
		if err := visit(m.value); err != nil && err != io.EOF {
			return err
		} else if err == io.EOF {
			return nil
		}
	}
	return nil
}

// expect: literals 8 5
func literals(x interface{}) map[string]struct{} {
	for _, c := range []struct{ a int }{{1}, {2}} {
		if c == (struct{ a int }{1}) {
			go func() {
				if x != nil {
				}
			}()
		}
	}
	if f := func() bool { return true }; f() {
	}
	return map[string]struct{}{"if": {}}
}

// expect: choices 3 6
func choices(x interface{}) string {
	switch v := x.(type) {
	case int, uint:
		return "int"
	case string:
		return v
	default:
	}
	select {
	case <-done:
	case c <- `if {`:
	}
	if x == '{' {
	}
	return ""
}

// expect: jumps 9 4
func jumps() {
outer:
	for {
		for range 3 {
			if true {
				goto end
			}
			continue outer
		}
		break
	}
	break outer
end:
}

// expect: fib 3 2
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) +
		fib(n-2)
}

// expect: lines 3 4
func lines(a, b bool) bool {
	x := a &&
		b
	y := a && b
	return x || y
}

// expect: handler 1 2
var handler = func(a bool) {
	if a {
	}
}
