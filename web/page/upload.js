// From a photo or a recording to a message: its size first, then the upload, then the message.
import {button, el, words} from './view.js';
import {send} from './sync.js';

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => (byte + 256).toString(16).slice(1)).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

export function offer(place, {id, slot}, blob, shown) {
  const request = new XMLHttpRequest(), path = `/api/v1/conversations/${id}/media/${newId()}`;
  const note = el('span', {role: 'status'}, Math.ceil(blob.size / 1e3) + '\xa0kB'), clear = () => place.textContent = '';
  // Trying again sends the same bytes under the same id: the server keeps them once.
  const submit = button(words.send, () => {
    submit.disabled = true;
    request.open('PUT', path);
    request.responseType = 'json';
    request.send(blob);
  }, {class: 'go'});
  request.upload.onprogress = ({loaded, total}) => note.textContent = `${words.uploading} ${loaded * 100 / total | 0} %`;
  request.onload = request.onerror = async () => {
    const {code, media, kind, small, large, preview = '', width, height, seconds} = request.response || {};
    if (media) {
      // As an entry tells it, and the id behind that.
      await send(slot, '', [+(kind == 'voice'), small, large, Uint8Array.from(atob(preview), sign => sign.charCodeAt()), width, height, seconds, media]);
      clear();
    }
    note.textContent = words[code] || words[code ? 'unfit' : 'offline'];
    submit.disabled = false;
  };
  clear();
  place.append(shown, note, submit, button(words.cancel, () => (request.abort(), clear())));
  submit.focus();
}
