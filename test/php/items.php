<?php
// Prints the items that PHP reads from each form of a folder, by its name.
// Usage: php items.php FOLDER

require __DIR__ . '/contract.php';

$items = [];
foreach (glob("$argv[1]/*.txt") as $file) {
	$tree = [];
	parse_str(file_get_contents($file), $tree);
	$items[basename($file, '.txt')] = items($tree);
}
echo json_encode($items, JSON_THROW_ON_ERROR);
