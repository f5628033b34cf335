package Load;

# Copyright (C) ngx_chat_module contributors

# Visitors and an operator who talk while a test does harm to nginx.  Each
# sends one message at a time and repeats it, with the same client id, until
# it is acknowledged; each listens, by poll or by stream, from its cursor on,
# and keeps what it heard.  In the end, what was acknowledged is in the
# database and in every history: once, and in order.
#
#     my $load = Load->new($t, visitors => 10)->start;
#     $load->go_on(20);               # until so many more are acknowledged
#     $t->kill_worker;
#     $load->fault;
#     $load->finish;                  # points of TAP, and a line of figures
#
# Options: "visitors"; "wait", seconds of a poll; "more", what each message has
# beside its number; "mark", called for each acknowledgement and kept with it;
# "pause", seconds after a message.  Others may join and leave meanwhile:
#
#     my $talk = $load->enter($visitor, 'a guest');
#     $load->leave($talk);
#
# It is bounded: senders pause after each message, and the test has its time.

use v5.36;

use Mojo::IOLoop ();
use Mojo::JSON qw(decode_json);
use Test::More ();
use Time::HiRes qw(time);

use Chat::Wait qw(wait_for);

use constant {
    PAUSE => 0.01,          # after a message
    RETRY => 0.03,          # after a failure
};


sub new ($class, $t, %opt) {
    return bless {
        chat => $t, visitors => 8, wait => 5, acked => 0, requests => 0,
        failures => 0, faults => 0, slowest => 0, problems => {}, more => '',
        pause => PAUSE, %opt,
    }, $class;
}


sub start ($self) {
    my $t = $self->{chat};
    my $operator = $t->admin;
    my @visitors = map { $t->visitor } 1 .. $self->{visitors};

    # a conversation to begin with, and where everybody begins

    $_->say('I am here') for @visitors;

    $self->_talk($_, "visitor $_->{conversation}") for @visitors;
    $self->_talk($operator, 'operator');

    $self->{from} = $self->_newest;

    for my $talk (@{ $self->{talks} }) {
        $talk->{from} = $talk->{cursor} = $self->{from};
        $self->_go($talk);
    }

    return $self;
}


sub _newest ($self) {
    return ($self->{chat}->rows('SELECT max(id) AS id FROM event'))[0]{id};
}


sub _talk ($self, $agent, $name) {
    my $visitor = $agent->can('conversation_events') ? 0 : 1;

    push @{ $self->{talks} }, my $talk = {
        agent => $agent, name => $name, n => 0, heard => [], acked => [],
        stream => @{ $self->{talks} // [] } % 2,
    };

    @$talk{qw(conversation path)} = ($agent->conversation, 'visitor/messages')
        if $visitor;

    $agent->ua->request_timeout(20)->connect_timeout(5);

    return $talk;
}


sub _go ($self, $talk) {
    $self->_listen($talk);
    $self->_send($talk);

    return $talk;
}


# One more: a visitor who has said something, or an operator.

sub enter ($self, $agent, $name) {
    my $talk = $self->_talk($agent, $name);

    $talk->{from} = $talk->{cursor} = $self->_newest;

    return $self->_go($talk);
}


# It sends no more, and hears no more from here on.

sub leave ($self, $talk) {
    $talk->{left} = 1;
    delete $talk->{streaming};

    return $self;
}


sub fault ($self, $n = 1) {
    $self->{faults} += $n;
    $_->{refused} = 0 for @{ $self->{talks} // [] };

    return $self;
}


# Whether all that is being sent was refused since the last fault: nothing that
# was taken before it is on its way to be acknowledged.

sub refused ($self) {
    return !grep { $_->{sending} && !$_->{refused} } $self->talks;
}


sub acked ($self) { $self->{acked} }
sub acks ($self) { map { @{ $_->{acked} } } $self->talks }
sub failures ($self) { $self->{failures} }
sub problems ($self) { $self->{problems} }
sub talks ($self) { @{ $self->{talks} } }


# Lets it go on until so many more are acknowledged.

sub go_on ($self, $n, $timeout = 20) {
    my $wanted = $self->{acked} + $n;

    return wait_for(sub { $self->{acked} >= $wanted }, $timeout,
                    "$n more messages are acknowledged");
}


# Nobody sends until something has come about; it takes a second or more.

sub rest ($self, $look, $timeout, $what) {
    $self->{quiet} = 1;

    my $there = wait_for(sub { !grep { $_->{sending} } $self->talks },
                         $timeout, 'the last one is acknowledged')
                && wait_for(sub { $look->() }, $timeout, $what);

    $self->{quiet} = 0;
    $self->_send($_) for grep { !$_->{sending} } $self->talks;

    return $there;
}


sub for_seconds ($self, $seconds) {
    my $until = time + $seconds;

    wait_for(sub { time >= $until }, $seconds + 5);

    return $self;
}


# sending

sub _send ($self, $talk) {
    return if $self->{quiet} || $talk->{left};

    my $n = ++$talk->{n};

    # the operator answers one after the other

    my $path = $talk->{path} // do {
        my @talks = grep { $_->{conversation} && !$_->{left} }
                    @{ $self->{talks} };
        my $to = $talks[$n % @talks]{conversation};
        "operator/conversations/$to/messages";
    };

    $talk->{sending} = 1;

    $self->_try($talk, $path, {
        client_id => $talk->{agent}->client_id,
        text      => "$talk->{name}, message $n$self->{more}",
    }, time);
}


sub _try ($self, $talk, $path, $body, $began) {
    $self->{requests}++;

    $talk->{agent}->post_p($path, $body)->then(sub ($res) {
        my $code = $res->code // 0;

        if ($code == 201 || $code == 200) {
            my $took = time - $began;

            $self->{acked}++;
            $self->{slowest} = $took if $took > $self->{slowest};

            push @{ $talk->{acked} }, {
                id => $res->json->{event}{id}, text => $body->{text},
                conversation => $res->json->{conversation}{id},
                $self->{mark} ? (mark => $self->{mark}->()) : (),
            };

            $talk->{conversation} &&= $res->json->{conversation}{id};
            $self->_next($talk);
            return;
        }

        # closed meanwhile

        if ($code == 409) {
            $self->_next($talk);
            return;
        }

        $self->{failures}++;
        $self->{problems}{$code}++;
        $talk->{refused} = 1;

        if ($self->{gone}) {
            $talk->{sending} = 0;
            return;
        }

        Mojo::IOLoop->timer(RETRY, sub {
            $self->_try($talk, $path, $body, $began);
        });
    });
}


sub _next ($self, $talk) {
    $talk->{sending} = $talk->{refused} = 0;
    Mojo::IOLoop->timer($self->{pause}, sub { $self->_send($talk) });
}


# listening

sub _listen ($self, $talk) {
    return if $self->{gone} || $talk->{left};

    return $talk->{stream} ? $self->_stream($talk) : $self->_poll($talk);
}


sub _poll ($self, $talk) {
    my $agent = $talk->{agent};

    $self->{requests}++;

    $agent->get_p($agent->events_path, unjudged => 1, query => {
        after => $talk->{cursor}, wait => $self->{wait},
    })->then(sub ($res) {
        my $code = $res->code // 0;

        return if $talk->{left};

        if ($code == 200 && !$res->error) {
            my $page = $res->json;

            $self->_heard($talk, @{ $page->{events} });
            $talk->{cursor} = $page->{cursor};
            $self->_listen($talk);
            return;
        }

        $self->{problems}{"poll $code"}++ if $code;
        Mojo::IOLoop->timer(RETRY, sub { $self->_listen($talk) });
    });
}


sub _stream ($self, $talk) {
    my $agent = $talk->{agent};
    my $bytes = '';

    $self->{requests}++;

    my $tx = $agent->transaction(GET => $agent->events_path,
        query => { after => $talk->{from} },
        headers => {
            Accept => 'text/event-stream',
            'Last-Event-ID' => $talk->{cursor},
        },
    );

    $tx->res->content->unsubscribe('read')->on(read => sub ($, $more) {
        return if ($tx->res->code // 0) != 200 || $talk->{left};

        $bytes .= $more;

        while ($bytes =~ s/\A(.*?)\n\n//s) {
            my $block = $1;
            my ($id) = $block =~ /^id: (\d+)$/m;
            my ($data) = $block =~ /^data: (.*)$/m;

            $self->_heard($talk, decode_json($data)) if defined $data;
            $talk->{cursor} = $id if defined $id;
        }
    });

    my $ua = $talk->{streaming} //= Mojo::UserAgent->new(
        cookie_jar => $agent->ua->cookie_jar, inactivity_timeout => 0,
        request_timeout => 0, max_response_size => 0, insecure => 1,
    );

    $ua->start($tx, sub {
        my $code = $tx->res->code // 0;

        $self->{problems}{"stream $code"}++ if $code && $code != 200;
        Mojo::IOLoop->timer(RETRY, sub { $self->_listen($talk) });
    });
}


sub _heard ($self, $talk, @events) {
    push @{ $talk->{heard} }, map { $_->{id} }
        grep { defined $_->{id} && $_->{type} eq 'message' } @events;
}


# The last ones are acknowledged and heard; then what is said is held against
# what is stored and what was heard.

sub finish ($self, $timeout = 25) {
    $self->{quiet} = 1;

    my $over = wait_for(sub { !grep { $_->{sending} } @{ $self->{talks} } },
                        $timeout, 'the last message is acknowledged');

    my @rows = $self->{chat}->rows(
        'SELECT e.id, e.conversation, e.text, c.visitor FROM event e'
        . ' JOIN conversation c ON c.id = e.conversation'
        . ' WHERE e.type = 1 AND e.id > ? ORDER BY e.id', $self->{from});
    my %stored = map { $_->{id} => $_ } @rows;
    my (%of, %visitor, %wanted);

    for my $row (@rows) {
        push @{ $of{ $row->{visitor} } }, $row->{id};
        $visitor{ $row->{conversation} } = $row->{visitor};
    }

    for my $talk (@{ $self->{talks} }) {
        my $ids = !$talk->{conversation} ? [ map { $_->{id} } @rows ]
                : $of{ $visitor{ $talk->{conversation} } // 0 } // [];
        my $until = $talk->{left} ? $talk->{cursor} : 1e15;

        $wanted{$talk} = [ grep { $_ > $talk->{from} && $_ <= $until } @$ids ];
    }

    wait_for(sub {
        !grep { !$_->{left} && $self->_behind($_, $wanted{$_}) }
              @{ $self->{talks} };
    }, $timeout, 'everyone has heard the last message');

    $self->{gone} = 1;

    return $self->_judge($over, \%stored, \%wanted);
}


sub _behind ($self, $talk, $wanted) {
    return @$wanted
           && ($talk->{heard}[-1] // 0) < $wanted->[-1];
}


sub _judge ($self, $over, $stored, $wanted) {
    my (%text, %sum);

    $text{ $_->{text} }++ for values %$stored;

    for my $talk (@{ $self->{talks} }) {
        my @acked = @{ $talk->{acked} };
        my $last = 0;

        for my $ack (@acked) {
            my $row = $stored->{ $ack->{id} };

            $sum{$row && $row->{text} eq $ack->{text} ? 'found' : 'lost'}++;
            $sum{disorder}++ if $ack->{id} <= $last;
            $last = $ack->{id};
        }

        my @heard = @{ $talk->{heard} };
        my %heard;
        $heard{$_}++ for @heard;

        my @unheard = grep { !$heard{$_} } @{ $wanted->{$talk} };

        $sum{unheard} += @unheard;

        Test::More::diag("$talk->{name} (", $talk->{stream} ? 'stream' : 'poll',
                         ") did not hear @unheard, cursor $talk->{cursor}")
            if @unheard;

        $sum{heard_twice} += grep { $_ > 1 } values %heard;
        $sum{disorder}++ if grep { $heard[$_] < $heard[$_ - 1] } 1 .. $#heard;
        $sum{strange} += grep { !$stored->{$_} } keys %heard;
        $sum{heard} += @heard;
    }

    $sum{doubled} = grep { $_ > 1 } values %text;

    Test::More::ok($over, 'every message was acknowledged in the end');

    Test::More::is($sum{$_->[0]} // 0, 0, $_->[1]) for
        [ lost => 'what was acknowledged is stored' ],
        [ doubled => 'and stored once' ],
        [ unheard => 'everyone heard everything' ],
        [ heard_twice => 'once' ],
        [ disorder => 'and in order' ],
        [ strange => 'and nothing else' ];

    my $problems = join ', ', map { "$_: $self->{problems}{$_}" }
                              sort keys %{ $self->{problems} };

    Test::More::diag(sprintf 'figures: %d faults, %d requests'
        . ' (%d failed: %s), %d acknowledged, %d found, %d heard,'
        . ' %d lost, %d doubled, the slowest took %.2f s',
        $self->{faults}, $self->{requests}, $self->{failures},
        $problems || 'none', $self->{acked}, $sum{found} // 0, $sum{heard} // 0,
        ($sum{lost} // 0) + ($sum{unheard} // 0),
        ($sum{doubled} // 0) + ($sum{heard_twice} // 0), $self->{slowest});

    return $self;
}


1;
