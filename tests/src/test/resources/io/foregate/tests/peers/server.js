// An application server as one writes it with Node's http module; prints its port. Port 0 unless one is given.
const http = require('http');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const listeners = new Set();
const block = Buffer.alloc(64 * 1024, 'n');

function big(response, length) {
  response.writeHead(200, { 'Content-Length': length });
  let left = length;
  const more = () => {
    while (left > 0) {
      const part = left < block.length ? block.subarray(0, left) : block;
      left -= part.length;
      if (!response.write(part)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/echo') {
    response.writeHead(200);
    request.pipe(response);
  } else if (url.pathname === '/count') {
    let count = 0;
    request.on('data', (data) => { count += data.length; });
    request.on('end', () => response.end(String(count)));
  } else if (url.pathname === '/big') {
    big(response, Number(url.searchParams.get('bytes')));
  } else if (url.pathname === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(': welcome\n\n');
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  } else if (url.pathname === '/emit') {
    for (const listener of listeners) listener.write(`data: ${url.searchParams.get('text')}\n\n`);
    response.end(String(listeners.size));
  } else if (url.pathname === '/page') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    fs.createReadStream(path.join(__dirname, 'page.html')).pipe(response);
  } else if (url.pathname.startsWith('/piece/')) {
    response.end(`piece ${url.pathname.slice('/piece/'.length)}`);
  } else if (url.pathname === '/report') {
    let report = '';
    request.on('data', (data) => { report += data; });
    request.on('end', () => { console.log(`report ${report}`); response.end(); });
  } else {
    response.end('hello from node');
  }
});

// RFC 6455, as much as an echo needs: masked frames in, the same payload out, unmasked.
server.on('upgrade', (request, socket, early) => {
  const accept = crypto.createHash('sha1')
    .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  let pending = early;
  const frame = () => {
    if (pending.length < 6) return false;
    let length = pending[1] & 127;
    let at = 2;
    if (length === 126) { if (pending.length < 8) return false; length = pending.readUInt16BE(2); at = 4; }
    else if (length === 127) { if (pending.length < 14) return false; length = Number(pending.readBigUInt64BE(2)); at = 10; }
    if (pending.length < at + 4 + length) return false;
    const mask = pending.subarray(at, at + 4);
    const payload = Buffer.from(pending.subarray(at + 4, at + 4 + length));
    for (let i = 0; i < length; i++) payload[i] ^= mask[i & 3];
    const head = Buffer.from(pending.subarray(0, at));
    head[1] &= 127;
    socket.write(Buffer.concat([head, payload]));
    const closing = (pending[0] & 15) === 8;
    pending = pending.subarray(at + 4 + length);
    if (closing) socket.end();
    return !closing;
  };
  socket.on('data', (data) => { pending = Buffer.concat([pending, data]); while (frame()); });
  socket.on('error', () => {});
});

server.listen(Number(process.argv[2] || 0), '127.0.0.1', () => console.log(server.address().port));
