# Each `expect:` line gives name, cognitive and cyclomatic complexity of a function, in order.

# expect: empty 0 1
def empty(): pass

# expect: chain 4 5
def chain(a, b):
    if a:
        return 1
    elif b: return 2
    elif a and b:
        return 3

# expect: loops 4 5
async def loops(a):
    async for x in a:
        while x:
            break
    else:
        return [y for y in a if y]

# expect: handlers 4 4
def handlers(path):
    try:
        open(path)
    except (OSError, ValueError) as e:
        if e: raise
    except KeyError:
        pass
    else:
        return 1
    finally:
        close()

# expect: conditionals 4 4
def conditionals(a, b):
    x = (1 if a else 2) if b else 3
    return f(x if a else 0, b)

# expect: lambdas 2 2
def lambdas(xs):
    return sorted(xs, key=lambda x: x if x else 0)

# expect: logged 1 2
def logged(function):
    """A decorator: what it defines is not nested."""
    @wraps(function)
    def wrapper(*args):
        if args:
            print(args)
        return function(*args)
    return wrapper

# expect: not_a_decorator 2 2
def not_a_decorator(function):
    count = 0
    def wrapper(*args):
        if args:
            print(args)
    return wrapper

# expect: choose 3 5
def choose(command):
    match command:
        case [x] if x:
            return 1
        case {"a": _} | None:
            if command: return 2
        case _:
            return 3
    match = command
    match.group(1)

# expect: Tree.grow 1 1
class Tree:
    size: int = 0

    def grow(self):
        self.grow()
        return len(self)

    # expect: Tree.len 0 1
    def len(self):
        return len(self.items)

# expect: fact 2 2
def fact(n):
    if n: return n * fact(n - 1) * fact(n)

# expect: operators 5 8
def operators(a, b, c, d, e, f):
    x = a and b or c and d
    y = not (a or b or c)
    return any(v and w for v, w in z)

# expect: continued 3 3
def continued(a,
              b):
    text = f"{a['if x:']} if else" 'for' """
while True:
    """
    if (a  # if
            and b):
        return text
    else:
        return (
            b
        )

# expect: one_line 2 5
def one_line(a): return [i for i in a if i] and 1 if a else 2
