// n8n loads nodes and credentials by the paths in package.json; a package still needs a main.
