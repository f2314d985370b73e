"""Copies the files GraphiQL needs from node_modules to where Django finds static files."""

from pathlib import Path

from scripts.paths import NODE_MODULES, PLAYGROUND_ASSETS

ASSETS = {
    "graphiql.min.js": "graphiql/graphiql.min.js",
    "graphiql.min.css": "graphiql/graphiql.min.css",
    "react.production.min.js": "react/umd/react.production.min.js",
    "react-dom.production.min.js": "react-dom/umd/react-dom.production.min.js",
    "plugin-explorer.umd.js": "@graphiql/plugin-explorer/dist/index.umd.js",
    "plugin-explorer.css": "@graphiql/plugin-explorer/dist/style.css",
}


def install_assets(node_modules: Path, destination: Path) -> list[Path]:
    """Copy the assets that differ from what is there, and return the files that were written.

    Comments that point to source maps are dropped: the maps are not shipped, and the manifest
    storage would refuse to collect a file that refers to a missing one.
    """
    destination.mkdir(parents=True, exist_ok=True)
    written = []
    for name, source in ASSETS.items():
        content = _without_source_map((node_modules / source).read_text())
        target = destination / name
        if not target.is_file() or target.read_text() != content:
            target.write_text(content)
            written.append(target)
    return written


def _without_source_map(content: str) -> str:
    lines = content.splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip().startswith(_SOURCE_MAP_COMMENTS))


_SOURCE_MAP_COMMENTS = ("//# sourceMappingURL=", "/*# sourceMappingURL=")


if __name__ == "__main__":
    for path in install_assets(NODE_MODULES, PLAYGROUND_ASSETS):
        print(path.name)
