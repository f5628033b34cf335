#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The page of metrics: its format by the letter, who may read it, and what
# becomes of the numbers over a reload and when a worker dies.

use lib 't/lib';
use Chat;

use IO::Socket::UNIX ();
use Metrics;

my $t = Chat->new(workers => 3)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;
        listen unix:%%DIR%%/socket;

        location /chat/ { chat; }

        location /closed/ {
            chat;
            chat_metrics off;
        }

        location /open/ {
            chat;
            chat_metrics on;
        }

        location = /alone {
            chat_metrics local;
        }

        location = /denied {
            chat_metrics on;
            deny all;
        }

        location = /worker { default_type text/plain; return 200 $pid; }
    }

    # whoever says so comes from elsewhere

    server {
        listen 127.0.0.1:%%PORT2%%;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;

        location /chat/ { chat; }
    }
}
EOF

format_of_the_page();
who_may();
workers_sum_up();
over_a_reload();

# the second time, workers come into the places of the dead

when_a_worker_dies(9);
when_a_worker_dies(12);

$t->done;


sub format_of_the_page {
    my $browser = $t->browser;
    my $plain = $browser->get('/chat/metrics');

    is($plain->code, 200, 'there is a page');
    is($plain->headers->content_type,
       'text/plain; version=0.0.4; charset=utf-8', 'of its type');
    is($plain->headers->cache_control, 'no-store', 'which nobody keeps');

    my $page = Metrics->parse($plain->body);

    is(join("\n", $page->errors), '', 'by the letter of the format');

    # one row, one sample (or one for each worker), and nothing else

    my (%expected, %family);

    for my $row (Metrics->table) {
        $family{ $row->{name} } = $row->{type};

        my @labels = $row->{from} eq 'WORKER'
                     ? map { "$row->{labels},worker=\"$_\"" } 0 .. 2
                     : $row->{labels};

        $expected{ $row->{name} . ($_ eq '' ? '' : "{$_}") } = 1
            for $row->{type} eq 'histogram' ? () : @labels;
    }

    my %got = map { $_ => 1 }
              map { s/(?<=^ngx_chat_build_info)\{.*//r }
              grep { !/_(?:bucket|sum|count)(?:\{|$)/ } $page->samples;

    is_deeply(\%got, \%expected, 'with all that is in the table');
    is_deeply({ map { $_ => $page->type($_) } $page->families }, \%family,
              'each of its type');
    like($plain->body, qr/^ngx_chat_build_info\{version="\d+\.\d+\.\d+",
                          nginx="\d[.\d]+",sqlite="3\.[.\d]+"\}\ 1$/xm,
         'and says what it is');

    my $open = $browser->get('/chat/metrics', headers => {
        Accept => 'application/openmetrics-text;version=1.0.0;q=0.5,'
                  . 'text/plain;version=0.0.4;q=0.3' });

    is($open->headers->content_type,
       'application/openmetrics-text; version=1.0.0; charset=utf-8',
       'OpenMetrics for those who want it');
    is(join("\n", Metrics->parse($open->body, open => 1)->errors), '',
       'by its letter');

    my $head = $browser->head('/chat/metrics');

    is($head->code, 200, 'HEAD');
    is($head->body, '', 'without a body');

    my $post = $browser->post('/chat/metrics');

    is($post->code, 405, 'nothing can be posted');
    is($post->headers->header('Allow'), 'GET, HEAD', 'but read');
    is($browser->get('/chat/metrics/more')->code, 404, 'nothing is below');
}


sub who_may {
    my $browser = $t->browser;

    is($browser->get('/open/metrics')->code, 200, 'on: everybody');
    is($browser->get('/alone')->code, 200, 'a location of its own');
    is($browser->get('/denied')->code, 403, 'and its rules');
    is($browser->get('/closed/metrics')->code, 404, 'off: nobody');

    like($t->raw("GET /chat/metrics HTTP/1.0\r\n\r\n"), qr{^HTTP/1.1 200 },
         'somebody of this machine');

    for my $header ('X-Forwarded-For: 127.0.0.1', 'Forwarded: for=127.0.0.1') {
        like($t->raw("GET /chat/metrics HTTP/1.0\r\n$header\r\n\r\n"),
             qr{^HTTP/1.1 403 .*"urn:ngx-chat:local"}s,
             "not for somebody else: $header");
    }

    like($t->raw("GET /open/metrics HTTP/1.0\r\nX-Forwarded-For: a\r\n\r\n"),
         qr{^HTTP/1.1 200 }, 'where all may, they, too');

    for my $case ([ '192.0.2.1', 403 ], [ '127.0.0.9', 200 ],
                  [ '128.0.0.1', 403 ], [ '::1', 200 ], [ '::2', 403 ],
                  [ '::ffff:127.0.0.1', 200 ], [ '::ffff:10.0.0.1', 403 ])
    {
        my ($address, $status) = @$case;

        like($t->raw("GET /chat/metrics HTTP/1.0\r\nX-Real-IP: $address\r\n"
                     . "\r\n", port => $t->port(2)),
             qr{^HTTP/1.1 $status }, "$address: $status");
    }

    my $socket = IO::Socket::UNIX->new(Peer => $t->dir . '/socket')
        or die "socket: $!";

    $socket->syswrite("GET /chat/metrics HTTP/1.0\r\n\r\n");
    like(scalar <$socket>, qr{^HTTP/1.1 200 }, 'by a socket of this machine');
}


sub workers_sum_up {
    my $before = Metrics->fetch($t);
    my $n = 0;

    for my $worker ($t->workers) {
        my $visitor = on_worker($t->visitor, $worker);

        is($visitor->say("number $_")->code, 201, "worker $worker")
            for 1 .. ++$n;
    }

    my $after = Metrics->fetch($t);
    my $new = 'ngx_chat_messages_total{author="visitor",result="new"}';

    is($after->value($new) - $before->value($new), 6,
       'the messages of all workers');
    is($after->value('ngx_chat_commit_seconds_count')
       - $before->value('ngx_chat_commit_seconds_count'), 6,
       'and their commits');
    is($after->value('ngx_chat_workers'), 3, 'three of them');
    is($after->value('ngx_chat_conversations{state="waiting"}'), 3,
       'one conversation each');
}


sub over_a_reload {
    my $admin = $t->admin;
    my @visitors = map { $t->visitor } 1 .. 12;
    my @polls = map { $_->poll_p(wait => 25) } @visitors;
    my $stream = $admin->stream;
    my $before;

    ok(wait_for(sub {
        $before = later();
        $before->value('ngx_chat_waiters{who="visitor",by="poll"}') == 12
            && $before->value('ngx_chat_waiters{who="operator",by="stream"}')
               == 1
            && $before->value('ngx_chat_topics') >= 13;
    }, 10, 'waiters'), 'waiters are counted');

    $t->reload;

    $visitors[0]->all(@polls);
    $stream->wait_over;

    my $after = with_all_workers(6);

    is(join("\n", $after->errors), '', 'the page is still well');
    is($after->sum('ngx_chat_waiters'), 0, 'nobody waits after a reload');
    is(join("\n", $after->behind($before)), '', 'no counter went back');
    is($after->value('ngx_chat_workers'), 3, 'there are three workers');
    is($after->value('ngx_chat_worker_starts_total'), 6, 'of six');
    is($after->value('ngx_chat_configuration_loads_total'), 2,
       'and two configurations');
}


sub when_a_worker_dies ($started) {
    my @visitors = map { $t->visitor } 1 .. 6;
    my $before;

    $_->poll_p(wait => 25) for @visitors;

    ok(wait_for(sub {
        $before = later();
        $before->sum('ngx_chat_waiters') == 6;
    }, 10, 'waiters'), 'six wait');

    $t->kill_worker($_) for $t->workers;

    my $after = with_all_workers($started);

    is($after->sum('ngx_chat_waiters'), 0, 'those who are gone wait no more');
    is($after->value('ngx_chat_workers'), 3, 'nor do they count as workers');
    is($after->value('ngx_chat_worker_starts_total'), $started,
       'three more came');
    is(join("\n", $after->behind($before)), '',
       'what the dead have counted stays');
    is(scalar(grep { /^ngx_chat_queue_jobs/ } $after->samples), 6,
       'and there are no more queues than before');
}


# A worker is there before it has counted itself.

sub with_all_workers ($started) {
    my $page;

    wait_for(sub {
        $page = later();
        return $page->value('ngx_chat_worker_starts_total') >= $started;
    }, 10, "$started workers have begun");

    return $page;
}


# The page, without the event loop of the polls that wait.

sub later {
    return Metrics->parse(
        $t->raw("GET /chat/metrics HTTP/1.0\r\n\r\n") =~ s/.*?\r\n\r\n//sr);
}


# A browser whose one connection is with a certain worker.

sub on_worker ($agent, $pid) {
    for (1 .. 300) {
        return $agent if $agent->get('/worker')->body == $pid;

        $agent->{ua} = Mojo::UserAgent->new(
            cookie_jar => $agent->ua->cookie_jar, inactivity_timeout => 0);
    }

    BAIL_OUT("worker $pid takes no connection");
}
