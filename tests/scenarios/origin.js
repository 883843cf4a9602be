// An origin that misbehaves on request: node origin.js ADDRESS PORT NAME. Prints "listening" when it does.
//   GET /control?fail=0.5&delay=200   from now on half of the answers are 500, and all come 200 ms late
//   GET /health                       is always well
//   GET /count                        how many ordinary requests there were
const http = require('http');

const [address, port, name] = process.argv.slice(2);
const body = `hello from ${name}\n`;
let fail = 0;
let delay = 0;
let count = 0;
let turn = 0;

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://origin');
  if (url.pathname === '/control') {
    fail = Number(url.searchParams.get('fail') || 0);
    delay = Number(url.searchParams.get('delay') || 0);
    response.end();
    return;
  }
  if (url.pathname === '/count') {
    response.end(String(count));
    return;
  }
  if (url.pathname === '/health') {
    response.end('well');
    return;
  }
  count++;
  // Every so many exactly, so that a share of one half is one half.
  turn += fail;
  const fails = turn >= 1;
  if (fails) turn -= 1;
  const answer = () => {
    response.writeHead(fails ? 500 : 200, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    response.end(body);
  };
  if (delay > 0) setTimeout(answer, delay);
  else answer();
});

server.keepAliveTimeout = 60000;
// What is under way is answered; idle connections close, and busy ones after their answer.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
server.listen({ port: Number(port), host: address, backlog: 1024 }, () => console.log('listening'));
