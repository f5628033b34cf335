#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What a backend says of a visitor is said of who asked it.  Whatever a cache
# answers later (a hit, a stale page, one that was found to be still good, one
# that another request was waited for), nobody becomes somebody else by it.

use lib 't/lib';
use Chat;
use Chat::Visits;
use Pages qw(backend fastcgi);
use Waiting qw(wait_for_waiting);

my $t = Chat->new->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    proxy_cache_path %%DIR%%/cache keys_zone=pages:1m;
    fastcgi_cache_path %%DIR%%/fcache keys_zone=scripts:1m;

    server {
        listen 127.0.0.1:%%PORT%%;

        chat_track on;
        chat_trust_headers on;

        proxy_cache_key $uri;
        proxy_http_version 1.1;
        add_header X-Cache "$upstream_cache_status" always;

        location / { proxy_pass http://127.0.0.1:%%PORT2%%; }

        location /hit/ {
            proxy_cache pages;
            proxy_cache_valid 1h;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /stale/ {
            proxy_cache pages;
            proxy_cache_valid 1s;
            proxy_cache_use_stale http_500;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /updating/ {
            proxy_cache pages;
            proxy_cache_valid 1s;
            proxy_cache_use_stale updating;
            proxy_cache_background_update on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /revalidated/ {
            proxy_cache pages;
            proxy_cache_valid 1s;
            proxy_cache_revalidate on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /locked/ {
            proxy_cache pages;
            proxy_cache_valid 1h;
            proxy_cache_lock on;
            proxy_cache_lock_timeout 10s;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /missing/ {
            proxy_cache pages;
            proxy_cache_valid 404 1h;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /instead/ {
            proxy_cache pages;
            proxy_cache_valid 404 1h;
            proxy_intercept_errors on;
            error_page 404 =200 @hit;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location @hit {
            proxy_cache pages;
            proxy_cache_key /instead-of-it;
            proxy_cache_valid 404 1h;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /kept/ {
            proxy_cache pages;
            proxy_cache_valid 1h;
            proxy_cache_bypass $arg_bypass;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /fastcgi/ {
            fastcgi_cache scripts;
            fastcgi_cache_key $uri;
            fastcgi_cache_valid 1h;
            fastcgi_param SCRIPT_NAME $uri;
            fastcgi_param ME $http_x_me;
            fastcgi_pass 127.0.0.1:%%PORT3%%;
        }

        location /chat/ { chat; }
        location = /status { stub_status; }
    }
}
EOF

# The backend says that it is who the request says, and how old its answer is.

my $broken = $t->dir . '/broken';

pipe my $held, my $release or die "pipe: $!\n";

my $backend = backend($t, 2, sub ($head, $socket) {
    my ($path) = $head =~ m{^\S+ (\S+)};
    my ($me) = $head =~ /^X-Me: (\S+)\r$/mi;
    my @lines = ('Content-Type: text/html', "X-Chat-User: id=$me",
                 'Last-Modified: Sat, 01 Aug 2026 10:00:00 GMT');

    my $status = -e $broken ? '500 Oh'
        : $path =~ m{^/(?:missing|instead)/} ? '404 Not Found'
        : $head =~ /^If-Modified-Since/mi ? '304 Not Modified'
        : '200 OK';

    push @lines, "Age: $1" if $path =~ m{^/old/(\d+)};

    sysread $held, my $byte, 1 if $path =~ m{^/locked/};

    $socket->syswrite(join "\r\n", "HTTP/1.1 $status", @lines,
        'Connection: close',
        $status =~ /^304/ ? ('', '') : ('Content-Length: 4', '', 'page'));
});

my $script = fastcgi($t, 3, sub ($params) {
    my ($me) = $params =~ /ME(me\d+)/;

    return "Content-Type: text/html\r\nX-Chat-User: id=$me\r\n\r\n", 'page';
});

$t->start;

my $agent = $t->operator;
my $n = 0;

# who asked first, and who is answered from a cache

for my $case (
    [ hit         => 'MISS', 'HIT' ],
    [ stale       => 'MISS', 'STALE', sub { $t->write('broken', '') } ],
    [ updating    => 'MISS', 'STALE' ],
    [ revalidated => 'MISS', 'REVALIDATED' ],
    [ missing     => 'MISS', 'HIT' ],
    [ instead     => 'MISS', 'HIT' ],
    [ fastcgi     => 'MISS', 'HIT' ],
) {
    my ($name, $first, $second, $meanwhile) = @$case;

    my $one = ask("/$name/");

    is($one->{cache}, $first, "$name: the first one asks the backend");
    is($one->{user}, $one->{me}, 'and is who it says');

    $meanwhile->() if $meanwhile;

    # what is good for a second is not any more

    my $other;

    wait_for(sub { ($other = ask("/$name/"))->{cache} eq $second }, 10,
             $second);

    is($other->{cache}, $second, "$name: another one does not");
    is($other->{user}, undef, 'and is nobody');
    is($other->{said}, undef, 'which is said to no browser');

    unlink $broken;
}

# what the update in the background brought is the next one's page

my $next;

wait_for(sub { ($next = ask('/updating/'))->{cache} eq 'HIT' }, 10, 'updated');
is($next->{user}, undef, 'who is nobody, either');

# a GET from what a HEAD has brought in

is(ask('/hit/head', method => 'HEAD')->{cache}, 'MISS', 'HEAD');
is_deeply([@{ ask('/hit/head') }{qw(cache user)}], ['HIT', undef],
          'then GET: nobody');

# past the cache it is the visitor's own again

ask('/kept/');
is_deeply([@{ ask('/kept/') }{qw(cache user)}], ['HIT', undef], 'a hit');

my $past = ask('/kept/', query => '&bypass=1');

is($past->{cache}, 'BYPASS', 'past the cache');
is($past->{user}, $past->{me}, 'one is who one is');

# two at once, of whom one waits for the other's answer

my @both = map { { me => "both$_", socket => $t->socket } } 1 .. 2;

for my $one (@both) {
    $one->{socket}->syswrite(join "\r\n",
        "GET /locked/?utm_term=$one->{me} HTTP/1.1", 'Host: 127.0.0.1',
        "X-Me: $one->{me}", 'User-Agent: ' . BROWSER . " $one->{me}",
        'Connection: close', '', '');
}

ok(wait_for_waiting($t, scalar @both), 'both have come');
syswrite $release, 'x';

for my $one (@both) {
    local $/;

    my $socket = $one->{socket};
    ($one->{cache}) = <$socket> =~ /^X-Cache: (\w+)/m;
    $one->{user} = user("/locked/?utm_term=$one->{me}");
}

my %by = map { $_->{cache} => $_ } @both;

is_deeply([sort keys %by], ['HIT', 'MISS'], 'one asked, the other waited');
is($by{MISS}{user}, $by{MISS}{me}, 'who asked is known');
is($by{HIT}{user}, undef, 'who waited is not');

# a cache between the backend and here says how old its answer is

for my $age (0, 30) {
    my $old = ask("/old/$age");

    is($old->{user}, undef, "Age: $age: nobody");
    is($old->{said}, undef, 'and nothing of it is passed on');
}

my $new = ask('/new');

is($new->{user}, $new->{me}, 'without an age it is believed');

$t->done;


# Somebody new asks for a page: what the cache was, what was said to the
# browser, and whom operators see.

sub ask ($path, %opt) {
    my $me = 'me' . ++$n;
    my $page = "$path?utm_term=$me";

    my $res = $t->browser->request($opt{method} // 'GET',
        $page . ($opt{query} // ''), headers => {
            'X-Me' => $me, 'User-Agent' => BROWSER . " $me",
        });

    return {
        me => $me, cache => $res->headers->header('X-Cache') // '',
        said => $res->headers->header('X-Chat-User'),
        user => $opt{method} ? undef : user($page),
    };
}


# A page is on the list when all of it has left, an update of the cache too.

sub user ($page) {
    my $visit = wait_for_visit($agent, sub { $_->{page} eq $page }, $page);

    return $visit->{user} ? $visit->{user}{id} : undef;
}
