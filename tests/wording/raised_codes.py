"""Which codes the source raises, and with which values: read off the calls themselves, so that none is forgotten."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

CLAIMS = Path(__file__).resolve().parent.parent.parent / "claims"


def values_of_codes(*callables: str) -> Mapping[str, frozenset[str]]:
    """Code -> the names of values that every call `callable(code, ...)` under `claims/` gives it.

    Codes and values are followed through conditions, names assigned in the same function, and `|` and `**` of
    dictionaries, as far as they are written out.
    """
    found: dict[str, list[frozenset[str]]] = defaultdict(list)
    for path in sorted(CLAIMS.rglob("*.py")):
        module = ast.parse(path.read_text())
        functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for function in functions:
            scope = _Scope(module, function)
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in callables:
                    for code in scope.strings(call.args[0]):
                        found[code].append(scope.keys(call))
    return {code: frozenset.intersection(*sets) for code, sets in found.items()}


class _Scope:
    """What names stand for in one function of a module."""

    def __init__(self, module: ast.Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.assigned: dict[str, list[ast.expr]] = defaultdict(list)
        for node in (*module.body, *ast.walk(function)):
            match node:
                case (
                    ast.Assign(targets=[ast.Name(name)], value=value)
                    | ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value)
                ):
                    self.assigned[name].append(value)
                case ast.For(target=ast.Tuple([ast.Name(name), *_]), iter=ast.Name(table)):
                    self.assigned[name] += self._firsts(table)

    def _firsts(self, table: str) -> Iterator[ast.expr]:
        """The first members of the pairs in a table of the module."""
        for value in self.assigned[table]:
            if isinstance(value, ast.Tuple):
                yield from (pair.elts[0] for pair in value.elts if isinstance(pair, ast.Tuple))

    def strings(self, node: ast.expr) -> Iterator[str]:
        """The strings that an expression may be."""
        match node:
            case ast.Constant(str(text)):
                yield text
            case ast.IfExp(body=one, orelse=other):
                yield from self.strings(one)
                yield from self.strings(other)
            case ast.Subscript(value=ast.Name(name)) | ast.Name(name):
                for value in self.assigned[name]:
                    yield from self.strings(value)
            case ast.Dict(values=values):
                for value in values:
                    yield from self.strings(value)

    def keys(self, call: ast.Call) -> frozenset[str]:
        """The names of the values of one call."""
        named = {keyword.arg for keyword in call.keywords if keyword.arg}
        return frozenset(named.union(*map(self._keys_of, call.args[1:])))

    def _keys_of(self, node: ast.expr | None) -> set[str]:
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return set().union(
                    *({str(k.value)} if isinstance(k, ast.Constant) else self._keys_of(v) for k, v in pairs)
                )
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._keys_of(left) | self._keys_of(right)
            case ast.Name(name) if self.assigned[name]:
                return set.intersection(*map(self._keys_of, self.assigned[name]))
        return set()
