/*
 * The origin of the side-by-side benchmark: the least work that still is an HTTP/1.1 server with keep-alive.
 *
 *     origin ADDRESS PORT
 *
 * One thread, one edge-triggered epoll set, every response built before the first connection is accepted. It answers
 * GET and HEAD of /small (100 bytes), /10k (10 240 bytes) and /1m (1 048 576 bytes), /echo with the head of the request
 * as the body (to see what a proxy sends), anything else with 404. Requests are split at the empty line only, so bodies
 * of requests are not understood; pipelined requests are answered in order.
 *
 * It exists because the origin must never be the bottleneck: a general server in its place fills its core before the
 * proxies fill theirs.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES_MAX = 16384, EVENTS_MAX = 256 };

struct response {
    const char *path;
    size_t path_length;
    char *bytes;
    size_t head_length;
    size_t length; /* head and body */
};

/* One per connection, kept as long as the descriptor is open. `pending` counts down the answer being written. */
struct connection {
    int descriptor;
    size_t received;      /* bytes of requests in `request` that are not answered yet */
    const char *pending;  /* what of the current answer is still to be sent */
    size_t pending_bytes;
    char request[REQUEST_BYTES_MAX];
};

static struct response responses[3];
static struct response not_found;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static struct response build(const char *path, const char *status, size_t body_bytes)
{
    char head[512];
    int head_length = snprintf(head, sizeof head,
                               "HTTP/1.1 %s\r\n"
                               "Server: origin\r\n"
                               "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                               "Content-Type: text/plain\r\n"
                               "Content-Length: %zu\r\n"
                               "\r\n",
                               status, body_bytes);
    struct response response = {path, strlen(path), NULL, (size_t)head_length, (size_t)head_length + body_bytes};
    response.bytes = malloc(response.length);
    if (response.bytes == NULL)
        die("origin: malloc");
    memcpy(response.bytes, head, response.head_length);
    for (size_t i = 0; i < body_bytes; i++)
        response.bytes[response.head_length + i] = (char)('a' + i % 26);
    return response;
}

/* The head of the request as a body; built in static space, so it must leave at once. 0 when it does not. */
static int echo(int descriptor, const char *request, size_t length)
{
    static char bytes[REQUEST_BYTES_MAX + 256];
    int head_length = snprintf(bytes, 256,
                               "HTTP/1.1 200 OK\r\n"
                               "Content-Type: text/plain\r\n"
                               "Content-Length: %zu\r\n"
                               "\r\n",
                               length);
    memcpy(bytes + head_length, request, length);
    size_t total = (size_t)head_length + length;
    return send(descriptor, bytes, total, MSG_NOSIGNAL) == (ssize_t)total;
}

static const struct response *find(const char *path, size_t length)
{
    for (size_t i = 0; i < sizeof responses / sizeof responses[0]; i++)
        if (responses[i].path_length == length && memcmp(responses[i].path, path, length) == 0)
            return &responses[i];
    return &not_found;
}

/* Sends what is pending. 1: all of it is gone; 0: the socket is full; -1: the connection is broken. */
static int flush(struct connection *connection)
{
    while (connection->pending_bytes > 0) {
        ssize_t sent = send(connection->descriptor, connection->pending, connection->pending_bytes, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR)
                continue;
            return errno == EAGAIN ? 0 : -1;
        }
        connection->pending += sent;
        connection->pending_bytes -= (size_t)sent;
    }
    return 1;
}

/* Answers every complete request in the buffer. Same results as flush(); -1 also for what is not a request. */
static int answer(struct connection *connection)
{
    size_t consumed = 0;
    int result = 1;
    while (result > 0 && consumed < connection->received) {
        const char *start = connection->request + consumed;
        size_t available = connection->received - consumed;
        const char *end = memmem(start, available, "\r\n\r\n", 4);
        if (end == NULL)
            break;
        const char *method_end = memchr(start, ' ', available);
        if (method_end == NULL || method_end > end)
            return -1;
        const char *path = method_end + 1;
        const char *path_end = memchr(path, ' ', (size_t)(end - path));
        if (path_end == NULL)
            return -1;
        consumed += (size_t)(end + 4 - start);
        if (path_end - path == 5 && memcmp(path, "/echo", 5) == 0) {
            if (!echo(connection->descriptor, start, (size_t)(end + 4 - start)))
                return -1;
            continue;
        }
        const struct response *response = find(path, (size_t)(path_end - path));
        int head_only = method_end - start == 4 && memcmp(start, "HEAD", 4) == 0;
        connection->pending = response->bytes;
        connection->pending_bytes = head_only ? response->head_length : response->length;
        result = flush(connection);
    }
    if (consumed > 0) {
        connection->received -= consumed;
        memmove(connection->request, connection->request + consumed, connection->received);
    }
    return result;
}

/* Runs the connection until the socket is drained or full. 0 when it has to be closed. */
static int serve(struct connection *connection, int half_closed)
{
    int flushed = flush(connection);
    if (flushed > 0)
        flushed = answer(connection);
    while (flushed > 0) {
        size_t room = REQUEST_BYTES_MAX - connection->received;
        if (room == 0)
            return 0;
        ssize_t got = recv(connection->descriptor, connection->request + connection->received, room, 0);
        if (got == 0)
            return 0;
        if (got < 0) {
            if (errno == EINTR)
                continue;
            return errno == EAGAIN;
        }
        connection->received += (size_t)got;
        flushed = answer(connection);
        /* A short read has drained the socket, and what comes later makes a new edge: that saves the call that would
         * end in EAGAIN. Not so when the end of the stream is already behind these bytes. */
        if (flushed > 0 && (size_t)got < room && !half_closed)
            return 1;
    }
    return flushed == 0;
}

static void accept_all(int listener, int poller)
{
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            if (errno == EAGAIN || errno == EMFILE || errno == ENFILE)
                return;
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            die("origin: accept4");
        }
        int on = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = malloc(sizeof *connection);
        if (connection == NULL)
            die("origin: malloc");
        connection->descriptor = descriptor;
        connection->received = 0;
        connection->pending_bytes = 0;
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = connection};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) < 0)
            die("origin: epoll_ctl");
    }
}

static int listen_on(const char *address, int port)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (inet_pton(AF_INET, address, &name.sin_addr) != 1) {
        fprintf(stderr, "origin: %s is not an IPv4 address\n", address);
        exit(2);
    }
    if (listener < 0 || bind(listener, (struct sockaddr *)&name, sizeof name) < 0 || listen(listener, 4096) < 0)
        die("origin: listen");
    return listener;
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: origin ADDRESS PORT\n");
        return 2;
    }
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
    responses[0] = build("/small", "200 OK", 100);
    responses[1] = build("/10k", "200 OK", 10 * 1024);
    responses[2] = build("/1m", "200 OK", 1024 * 1024);
    not_found = build("", "404 Not Found", 0);

    int listener = listen_on(arguments[1], atoi(arguments[2]));
    int poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) < 0)
        die("origin: epoll");

    struct epoll_event events[EVENTS_MAX];
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS_MAX, -1);
        if (ready < 0) {
            if (errno == EINTR)
                continue;
            die("origin: epoll_wait");
        }
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == NULL) {
                accept_all(listener, poller);
            } else if (!serve(connection, (events[i].events & EPOLLRDHUP) != 0)) {
                close(connection->descriptor); /* leaves the epoll set with it */
                free(connection);
            }
        }
    }
}
