/*
 * A closed-loop HTTP/1.1 load generator for large bodies: what wrk does, but reading 256 KB at a time. wrk reads 8 KB at
 * a time and so fills its core on 1 MB bodies before a proxy fills its own.
 *
 *     pull PORT PATH CONNECTIONS SECONDS
 *
 * One thread. Every connection to 127.0.0.1 is kept alive and has one request in flight. A response must be a 200 with a
 * Content-Length whose head comes in one piece of at most 256 KB; everything else is an error, and the connection is
 * opened anew. Prints one line in the form of report.lua. Latency: from the send of a request to its last byte.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 256 * 1024, EVENTS_MAX = 256, BUCKETS = 20000000 };

struct connection {
    int descriptor;
    int in_head;
    unsigned long long remaining; /* bytes of the body that are still to come */
    long long sent_nanos;
};

static char buffer[READ_BYTES + 1];
static char request[1024];
static size_t request_length;
static struct sockaddr_in target = {.sin_family = AF_INET};
static int poller;
static unsigned int *micros_count; /* one bucket per microsecond, the last for all above */
static unsigned long long responses, bytes, errors;
static long long slowest_micros;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static long long now_nanos(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int ask(struct connection *connection)
{
    connection->in_head = 1;
    connection->sent_nanos = now_nanos();
    return send(connection->descriptor, request, request_length, MSG_NOSIGNAL) == (ssize_t)request_length;
}

static void open_connection(struct connection *connection)
{
    connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->descriptor < 0 || connect(connection->descriptor, (struct sockaddr *)&target, sizeof target) < 0)
        die("pull: connect");
    int on = 1;
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->descriptor, &event) < 0)
        die("pull: epoll_ctl");
    if (!ask(connection))
        die("pull: send");
}

/* The length of the head of a good response, its body's length in the connection; 0 when it is anything else. */
static size_t parse_head(struct connection *connection, size_t got)
{
    static const char name[] = "\r\ncontent-length:";
    buffer[got] = '\0';
    char *end = strstr(buffer, "\r\n\r\n");
    if (end == NULL || strncmp(buffer, "HTTP/1.1 200", 12) != 0)
        return 0;
    *end = '\0';
    char *length = strcasestr(buffer, name);
    if (length == NULL)
        return 0;
    connection->remaining = strtoull(length + sizeof name - 1, NULL, 10);
    connection->in_head = 0;
    return (size_t)(end + 4 - buffer);
}

static void record(const struct connection *connection)
{
    long long micros = (now_nanos() - connection->sent_nanos) / 1000;
    if (micros > slowest_micros)
        slowest_micros = micros;
    micros_count[micros < BUCKETS ? micros : BUCKETS - 1]++;
    responses++;
}

/* Takes what one read gives. 0 when the connection is of no more use. */
static int take(struct connection *connection)
{
    ssize_t got = recv(connection->descriptor, buffer, READ_BYTES, MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    if (got == 0)
        return 0;
    bytes += (unsigned long long)got;
    size_t body = (size_t)got;
    if (connection->in_head) {
        size_t head = parse_head(connection, (size_t)got);
        if (head == 0)
            return 0;
        body -= head;
    }
    if (body > connection->remaining)
        return 0;
    connection->remaining -= body;
    if (connection->remaining > 0)
        return 1;
    record(connection);
    return ask(connection);
}

static long long percentile(double share)
{
    unsigned long long wanted = (unsigned long long)((double)responses * share), seen = 0;
    for (long long micros = 0; micros < BUCKETS; micros++) {
        seen += micros_count[micros];
        if (seen > wanted)
            return micros;
    }
    return slowest_micros;
}

int main(int count, char **arguments)
{
    if (count != 5) {
        fprintf(stderr, "usage: pull PORT PATH CONNECTIONS SECONDS\n");
        return 2;
    }
    target.sin_port = htons((unsigned short)atoi(arguments[1]));
    target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int connections = atoi(arguments[3]);
    request_length = (size_t)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n",
                                      arguments[2], arguments[1]);
    struct connection *all = calloc((size_t)connections, sizeof *all);
    micros_count = calloc(BUCKETS, sizeof *micros_count);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (all == NULL || micros_count == NULL || poller < 0)
        die("pull");

    long long start = now_nanos(), end = start + atoll(arguments[4]) * 1000000000LL;
    for (int i = 0; i < connections; i++)
        open_connection(&all[i]);
    struct epoll_event events[EVENTS_MAX];
    while (now_nanos() < end) {
        int ready = epoll_wait(poller, events, EVENTS_MAX, 100);
        if (ready < 0 && errno != EINTR)
            die("pull: epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!take(connection)) {
                errors++;
                close(connection->descriptor);
                open_connection(connection);
            }
        }
    }
    printf("RESULT {\"requests\": %llu, \"seconds\": %.6f, \"bytes\": %llu, \"p50\": %lld, \"p99\": %lld, "
           "\"p999\": %lld, \"max\": %lld, \"errors\": {\"response\": %llu}}\n",
           responses, (double)(now_nanos() - start) / 1e9, bytes, percentile(0.5), percentile(0.99), percentile(0.999),
           slowest_micros, errors);
    return 0;
}
