// Show the code that stands behind the #; it never leaves the phone.
var code = location.hash.slice(1).toUpperCase().replace(/[^2-9A-Z]/g, "");
if (code.length === 10) {
  var place = document.getElementById("code");
  place.textContent = code.slice(0, 5) + " " + code.slice(5);
  place.hidden = false;
  document.querySelectorAll(".with-code").forEach(function (words) { words.hidden = false; });
}
