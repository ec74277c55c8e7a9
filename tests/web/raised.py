"""Every sentence that code says about a file as a whole, read from its source: what it raises and what it remarks.

A value in a sentence stands as `VALUE`. What a name or a function of the same module gives is followed.
"""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from geo import errors

ERRORS = {name for name, _ in inspect.getmembers(errors, inspect.isclass)}
VALUE = "7"
PUTTING = {"append": 0, "insert": 1}
"""Methods of a list of remarks, and which of their arguments is one."""
REFUSING = {"refuse": 2, "Field": 1, "Answer": 1}
"""What says a sentence about a row, and which of its arguments it is."""
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each, with every choice that the code has."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for scope, node in _with_scopes(module, module):
        for said in _said(node, scope):
            texts = Source(module, scope).texts(said)
            yield from ((node.lineno, text) for text in texts if " " in text)


def _with_scopes(node: ast.AST, scope: Scope) -> Iterator[tuple[Scope, ast.expr | ast.stmt]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr | ast.stmt):
            yield scope, child
        yield from _with_scopes(child, child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else scope)


def _said(node: ast.AST, scope: Scope) -> Iterator[ast.expr]:
    """What is raised, what is put into a list of remarks or given back as one, and why rows are refused."""
    yield from (each.value for each in getattr(node, "keywords", ()) if each.arg == "remarks")
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in ERRORS:
            yield first
        case ast.Call(func=ast.Attribute(value=told, attr=name), args=args) if name in PUTTING and _is_remarks(told):
            yield args[PUTTING[name]]
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=args) if name in REFUSING:
            yield from args[REFUSING[name] :][:1]
        case ast.Assign(targets=[target], value=value) | ast.AugAssign(target=target, value=value):
            yield from [value] if _is_remarks(target) else []
        case ast.Return(value=ast.expr() as value) if "list[str]" in ast.unparse(
            getattr(scope, "returns", None) or node
        ):
            yield from (each for each in ast.walk(value) if isinstance(each, ast.List))


def _is_remarks(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return any(_is_remarks(one) for one in node.elts)
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "remarks"


class Source:
    """What an expression in a function of a module can be as a text."""

    def __init__(self, module: ast.Module, scope: Scope) -> None:
        self.module, self.scope = module, scope

    def texts(self, node: ast.AST | None) -> list[str]:
        """No text at all where it says none; `VALUE` where only the running program knows."""
        return [*self._written(node), *self._chosen(node)]

    def _written(self, node: ast.AST | None) -> Iterator[str]:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield from ("".join(choice) for choice in itertools.product(*map(self._part, parts)))
            case ast.BinOp(left=left, op=ast.Add(), right=right) if not isinstance(left, ast.List):
                yield from (a + b for a, b in itertools.product(self._part(left), self._part(right)))

    def _chosen(self, node: ast.AST | None) -> Iterator[str]:
        several: Iterable[ast.expr] = ()
        match node:
            case ast.IfExp(body=body, orelse=other):
                several = (body, other)
            case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
                several = parts
            case ast.Name(id=name):
                several = self._assigned(name)
            case ast.Call(func=ast.Name(id=name)):
                yield from self._returned(name)
        yield from (text for one in several for text in self.texts(one))

    def _part(self, node: ast.AST) -> list[str]:
        value = node.value if isinstance(node, ast.FormattedValue) else node
        return self.texts(value) or [VALUE]

    def _assigned(self, name: str) -> Iterator[ast.expr]:
        """What a name is given, but by way of itself; in a loop over a table of the module, its column there."""
        for node in ast.walk(self.scope):
            if isinstance(node, ast.Assign) and _names(node.targets) == [name] and name not in _names([node.value]):
                yield node.value
            if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and name in _names([node.target]):
                column = _names([node.target]).index(name)
                yield from (row.elts[column] for row in self._table(node.iter))

    def _table(self, node: ast.expr) -> Iterator[ast.Tuple]:
        for statement in self.module.body:
            if isinstance(statement, ast.AnnAssign) and _names([statement.target]) == _names([node]):
                yield from (row for row in getattr(statement.value, "elts", ()) if isinstance(row, ast.Tuple))

    def _returned(self, name: str) -> list[str]:
        found = [one for one in self.module.body if isinstance(one, ast.FunctionDef) and one.name == name]
        return [
            text
            for function in found
            for node in ast.walk(function)
            if isinstance(node, ast.Return)
            for text in Source(self.module, function).texts(node.value)
        ]


def _names(nodes: Iterable[ast.AST]) -> list[str]:
    return [each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)]
