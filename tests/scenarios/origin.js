// An origin that misbehaves on request: node origin.js ADDRESS PORT NAME. Prints "listening" when it does.
//   GET /control?fail=0.5&delay=200   from now on half of the answers are 500, and all come 200 ms late
//   GET /control?noise=1              from now on it is as moody as origins are: answers take a while, some much longer, few fail, and
//                                     every few seconds there is a storm in which many do; what begins with /missing is 404
//   GET /health                       is always well
//   GET /count                        how many ordinary requests there were
const http = require('http');

const [address, port, name] = process.argv.slice(2);
const body = `hello from ${name}\n`;
let fail = 0;
let delay = 0;
let noise = false;
let count = 0;
let turn = 0;

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://origin');
  if (url.pathname === '/control') {
    fail = Number(url.searchParams.get('fail') || 0);
    delay = Number(url.searchParams.get('delay') || 0);
    noise = url.searchParams.has('noise');
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
  let fails = turn >= 1;
  if (fails) turn -= 1;
  let wait = delay;
  if (noise) {
    wait += -Math.log(1 - Math.random()) * 8 + (Math.random() < 0.01 ? 300 : 0);
    const storm = Date.now() % 7000 < 300;
    fails = Math.random() < (storm ? 0.3 : 0.005);
  }
  const status = fails ? 500 : url.pathname.startsWith('/missing') ? 404 : 200;
  const answer = () => {
    response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    response.end(body);
  };
  if (wait > 0) setTimeout(answer, wait);
  else answer();
});

server.keepAliveTimeout = 60000;
// What is under way is answered; idle connections close, and busy ones after their answer.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
server.listen({ port: Number(port), host: address, backlog: 1024 }, () => console.log('listening'));
