import asyncio, sys, time, random
from tests.recount.filling import filled
from tests.recount.reading import *
from tests.recount.channels import *
from tests.recount.breakdowns import *
from tests.recount.comparing import compared
from tests.recount import channels, breakdowns
from tests.recount.counts import *
async def go(n):
    t=time.time()
    async with filled(n, 1) as world:
        print("filled", time.time()-t); t=time.time()
        names=await names_of_views(world); print(names)
        views=await views_of(world,names); print("read", time.time()-t); t=time.time()
        for k,v in views.items(): print(k,len(v))
        dp=await parts_of_the_day(world)
        answers=answers_of(views,dp)
        print(len(answers), time.time()-t); t=time.time()
        exp=channel_figures(views,answers)
        for k,e in exp.items():
            print(compared(k, views[k], e, [*ASKED, channels.PERIODS[k][0]]))
        exp=part_figures(views,answers)
        for k,e in exp.items():
            print(compared(k, views[k], e, [*ASKED, breakdowns.PERIODS[k],'uitsplitsing','waarde']))
        print(time.time()-t)
asyncio.run(go(int(sys.argv[1])))
