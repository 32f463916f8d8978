// For browsers that know no modules.
location.replace("/t");
